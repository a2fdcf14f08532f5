// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis;
using DriverSlicer.Clang;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Plan;

/// <summary>
/// A driver of a few lines, sliced by the real stages. Its entry points stand in a <c>struct kops</c>: <c>open, show, work, irq</c>
/// (irq is hot, so that it stays in the kernel).
/// </summary>
internal sealed record SmallSlice(SlicePlan Plan, KernelSpecs Specs)
{
    private const string Kernel = """
        typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long ulong;
        #define NULL ((void *)0)
        #define offsetof(t, m) __builtin_offsetof(t, m)
        #define container_of(ptr, type, member) ({ void *__mptr = (void *)(ptr); ((type *)(__mptr - offsetof(type, member))); })
        struct list { struct list *next, *prev; };
        struct device { void *driver_data; struct device *parent; const char *name; int id; };
        struct pdev { struct device dev; u8 revision; u16 vendor; };
        struct plain { int a; int b; };
        struct later;
        struct kops {
            int (*open)(struct device *d); int (*show)(struct device *d, char *buf); int (*work)(void *cookie);
            int (*irq)(struct device *d);
            int (*dump)(struct device *d, struct plain *how, u32 *data); int (*transfer)(struct device *d, struct plain *all, int n);
        };
        extern ulong jiffies;
        extern int register_it(const struct kops *ops, struct device *d);
        extern int read_config(struct pdev *p, int where, u8 *value);
        extern int fill(struct device *d, u8 *buf, ulong n);
        extern int name_it(struct device *d, const char *name);
        extern int get_plain(struct device *d, struct plain *p);
        extern int get_device(struct device *d, struct device *other);
        extern int out_pointer(struct device *d, struct pdev **p);
        extern int use_opaque(void *p, struct later *l);
        extern int variable(struct device *d, ...);
        extern int callback(struct device *d, int (*f)(void *), void *cookie);
        extern void *kalloc(ulong size);
        extern void kfree(const void *p);
        extern void *map_registers(struct device *d);
        extern u32 io_read(const void *addr);
        extern void *alloc_coherent(struct device *d, ulong size, ulong *handle);
        extern void *pool_alloc(struct device *d);
        extern int new_device(struct device *d, struct pdev **p);
        extern ulong to_number(const char *text, char **end);
        extern void __compiletime_assert_7(void);
        extern struct pdev *find_pdev(int n);
        extern u8 *find_bytes(int n);
        extern const char *find_name(int n);
        extern int enable(struct pdev *p);
        extern void disable(struct pdev *p);
        extern void *memcpy(void *to, const void *from, ulong n);
        extern void *memset(void *to, int c, ulong n);
        extern int scan(const char *text, const char *how, ...);
        extern int strcmp(const char *a, const char *b);
        extern __attribute__((format(printf, 2, 3))) void message(struct device *d, const char *fmt, ...);
        static inline void *get_data(const struct device *d) { return d->driver_data; }
        static inline void set_data(struct device *d, void *p) { d->driver_data = p; }
        static inline void *priv(struct pdev *p) { return (char *)p + sizeof(*p); }
        extern void take(struct plain *lock);
        extern void give(struct plain *lock);
        static inline void locked_bump(struct plain *lock, int *n) { take(lock); *n += 1; give(lock); }
        static inline int an_inline(void *p) { return 0; }
        static inline void bump(int *counter) { *counter += 1; }
        static inline int bit(long nr, const ulong *addr) { return 1 & (addr[nr >> 6] >> (nr & 63)); }
        static inline void atomic_bit(long nr, volatile ulong *addr) { asm volatile("lock; bts %1,%0" : "+m" (*addr) : "Ir" (nr) : "memory"); }
        static inline u32 reg_read(const volatile void *addr) { u32 r; asm volatile("movl %1,%0" : "=r" (r) : "m" (*(volatile u32 *)addr)); return r; }
        """;

    /// <summary>Entry points by member of struct kops; the driver's text follows after its own includes.</summary>
    public static SmallSlice Of(string text, Func<KernelSpecs, KernelSpecs>? more = null, SliceAbilities? abilities = null)
    {
        var model = Read(text);
        var specs = more is null ? Rules : more(Rules);
        return new SmallSlice(Slicing.Run(model, specs, abilities ?? SliceAbilities.Design), specs);
    }

    /// <summary>One entry point, <c>open(struct device *d)</c>, with this body.</summary>
    public static SmallSlice Open(string body, string declarations = "") =>
        Of($"{declarations}\nstatic int open(struct device *d)\n{{\n{body}\nreturn 0;\n}}\nconst struct kops ops = {{ .open = open }};");

    public static DriverModel Read(string text) => Outline(text, []);

    public static DriverModel Outline(string text, ImmutableArray<OutlineRequest> requests)
    {
        var headers = Directory.CreateTempSubdirectory("driverslicer-test-");
        try
        {
            File.WriteAllText(Path.Combine(headers.FullName, "kernel.h"), Kernel);
            var model = ClangFrontEnd.OutlineText(
                "d.c", "#include <kernel.h>\n" + text, [], ["-I" + headers.FullName], requests, out var errors);
            Assert.Empty(errors);
            return model;
        }
        finally
        {
            headers.Delete(recursive: true);
        }
    }

    public static KernelSpecs Rules { get; } = new(
        [Entry("open"), Entry("show", arrays: (1, "64")), Entry("work"), Entry("irq", hot: true), Entry("dump", arrays: (2, "a1->b")), Entry("transfer", arrays: (1, "a2"))],
        [
            FunctionRule.Named("kalloc") with { AllocSize = "a0", AllocZeroed = true }, FunctionRule.Named("kfree") with { Frees = 0 },
            FunctionRule.Named("map_registers") with { MmioSize = "64" }, FunctionRule.Named("reg_read") with { Inline = "local" },
            FunctionRule.Named("io_read") with { Local = true, Opaque = [0] },
            FunctionRule.Named("alloc_coherent") with { AllocSize = "a1", AllocZeroed = true, Coherent = true, Out = [2] },
            FunctionRule.Named("pool_alloc") with { Coherent = true }, FunctionRule.Named("new_device") with { Out = [1] },
            FunctionRule.Named("to_number") with { Local = true, Out = [1] },
            FunctionRule.Named("fill") with { Buffers = ImmutableSortedDictionary<int, string>.Empty.Add(1, "a2"), Out = [1] },
            FunctionRule.Named("memcpy") with { Local = true }, FunctionRule.Named("memset") with { Local = true },
            FunctionRule.Named("strcmp") with { Local = true }, FunctionRule.Named("scan") with { Local = true },
        ],
        [], [], []);

    public string Half(string function) => Plan.Functions.Single(p => p.Name == function).Half.ToString();

    public Upcall Upcall(string name = "open") => Plan.Upcalls.Single(u => u.Name == name);

    public Downcall Downcall(string name) => Plan.Downcalls.Single(d => d.Name == name);

    /// <summary>What travels for one entry point: <c>own.count Bytes in out</c>, <c>device -> own at -8</c>, <c>limit Bytes in</c>.</summary>
    public string[] Rows(string name = "open")
    {
        var upcall = Upcall(name);
        var fields = upcall.Visits.SelectMany(v => v.Fields.Select(f => Row(Type(v.Type) + ".", f))
            .Concat(v.Derived.Select(d => $"{Type(v.Type)} -> {Type(d.Type)} at {d.Offset}")));
        return [.. fields.Concat(upcall.Globals.SelectMany(g => g.Fields.Select(f => Row(Plan.Symbols[g.Symbol].Name + (f.Path.Length > 0 ? "." : ""), f))))];
    }

    /// <summary><c>DS0506 open 3</c>: id, function and line of each construct that keeps a function in the kernel.</summary>
    public string[] Pins() =>
    [
        .. Plan.Diagnostics.Where(d => d.Id.StartsWith("DS05", StringComparison.Ordinal) && d.Severity == Severity.Warning)
            .Select(d => $"{d.Id} {d.Message.Split(' ')[0]}"),
    ];

    public string Type(int index) => index < 0 ? "" : Plan.Types[index].Spelling.Replace("struct ", "", StringComparison.Ordinal);

    private string Row(string owner, FieldPlan f) =>
        $"{owner}{f.Path}{(f.Count > 1 ? $" x{f.Count}" : "")} {f.Kind}{(f.Type < 0 ? "" : " " + Type(f.Type))}{(f.In ? " in" : "")}{(f.Out ? " out" : "")}";

    private static EntryRule Entry(string member, bool hot = false, (int, string)? arrays = null) => new(
        $"struct kops.{member}", hot ? ExecContext.HardIrq : ExecContext.Process, hot, false, DeathRule.Fail, null,
        arrays is var (index, length) ? ImmutableSortedDictionary<int, string>.Empty.Add(index, length) : ImmutableSortedDictionary<int, string>.Empty,
        "test");
}
