// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Clang;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Clang;

/// <summary>A driver of a few lines over a kernel header of a few lines, read without Kbuild.</summary>
internal static class Snippet
{
    private const string Kernel = """
        typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long ulong;
        #define NULL ((void *)0)
        #define offsetof(t, m) __builtin_offsetof(t, m)
        #define container_of(ptr, type, member) ({ void *__mptr = (void *)(ptr); ((type *)(__mptr - offsetof(type, member))); })
        #define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
        #define IS_ENABLED(x) x
        #define __init __attribute__((__section__(".init.text")))
        struct lock { int slock; };
        struct list { struct list *next, *prev; };
        struct device { void *driver_data; struct device *parent; };
        struct pdev { struct device dev; u8 revision; u16 vendor; };
        struct core { int state; ulong flags; };
        struct ops { int (*start)(struct core *c); void (*stop)(struct core *c, int how); };
        extern int kernel_call(struct pdev *p, int where, u8 *value);
        extern void *kalloc(ulong size);
        extern __attribute__((format(printf, 2, 3))) void message(struct device *d, const char *fmt, ...);
        extern void __lock_init(struct lock *l, const char *name);
        extern void lock(struct lock *l);
        extern void unlock(struct lock *l);
        extern ulong __lock_save(struct lock *l);
        extern void unlock_restore(struct lock *l, ulong flags);
        #define lock_save(l, flags) do { __typeof__(flags) __same; ulong __flags; (void)(&__same == &__flags); flags = __lock_save(l); } while (0)
        #define lock_init(l) do { static int key; __lock_init((l), #l); key = 1; } while (0)
        static inline void *get_data(struct device *d) { return d->driver_data; }
        static inline void unreached(struct device *d) { d->parent = NULL; }
        static inline void set_it(long nr, volatile ulong *addr)
        {
            asm volatile("lock; bts %1,%0" : : "m" (*addr), "Ir" (nr) : "memory");
        }
        """;

    public static DriverModel Read(string text, params MacroShim[] shims)
    {
        var model = Read(text, out var errors, shims);
        Assert.Empty(errors);
        return model;
    }

    public static DriverModel Read(string text, out ImmutableArray<Diagnostic> errors, params MacroShim[] shims)
    {
        var headers = Directory.CreateTempSubdirectory("driverslicer-test-");
        try
        {
            File.WriteAllText(Path.Combine(headers.FullName, "kernel.h"), Kernel);
            return ClangFrontEnd.ReadText("d.c", "#include <kernel.h>\n" + text, [.. shims], ["-I" + headers.FullName], out errors);
        }
        finally
        {
            headers.Delete(recursive: true);
        }
    }

    /// <summary>
    /// The same text after the regions between lock and unlock in <c>f</c> were outlined, a request for each lock, without the include
    /// line; <paramref name="notes"/> says what was left and why.
    /// </summary>
    public static string Outline(string text, out string[] notes)
    {
        var headers = Directory.CreateTempSubdirectory("driverslicer-test-");
        try
        {
            File.WriteAllText(Path.Combine(headers.FullName, "kernel.h"), Kernel);
            var whole = "#include <kernel.h>\n" + text;
            ImmutableArray<string> arguments = ["-I" + headers.FullName];
            var function = Read(text).Function("f");
            var calls = function.Facts.OfType<Call>().Where(c => c.Callee is not null).ToArray();
            Location[] Of(params string[] names) => [.. calls.Where(c => names.Contains(Short(c.Callee!))).Select(c => c.Location)];
            var requests = Of("lock", "__lock_save").Zip(Of("unlock", "unlock_restore"), (a, r) => new OutlineRequest(function.Id, "f", "l", a, r));
            var outlined = ClangFrontEnd.OutlineText("d.c", whole, [], arguments, [.. requests], out var errors);
            Assert.Empty(errors);
            notes = [.. outlined.Diagnostics.Select(d => $"{d.Id} {d.Message[(d.Message.LastIndexOf("half: ", StringComparison.Ordinal) + 6)..]}")];
            return outlined.Files[0].Text["#include <kernel.h>\n".Length..];
        }
        finally
        {
            headers.Delete(recursive: true);
        }
    }

    public static Function Function(this DriverModel model, string name) => model.Functions.Single(f => f.Name == name);

    public static ImmutableArray<Fact> Facts(this DriverModel model, string name) => model.Function(name).Facts;

    /// <summary>Facts of the function <c>f</c> in a driver with that one body.</summary>
    public static ImmutableArray<Fact> Body(string declarations, string signature, string body) =>
        Read($"{declarations}\n{signature}\n{{\n{body}\n}}\n").Facts("f");

    /// <summary>Accesses as <c>record.path mode</c>, for comparison at a glance.</summary>
    public static string[] Accesses(this IEnumerable<Fact> facts) =>
        [.. facts.OfType<Access>().Select(a => $"{Short(a.Record)}.{string.Join('.', a.Path)} {a.Mode}{(a.Indexed ? " indexed" : "")}")];

    public static string Short(string id) => id.Split('@')[^1];
}
