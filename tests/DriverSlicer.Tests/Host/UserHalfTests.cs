// SPDX-License-Identifier: GPL-2.0-only
using System.Runtime.InteropServices;
using Microdrivers.Host;
using Xunit;

namespace DriverSlicer.Tests.Host;

public class UserHalfTests
{
    /// <summary>A half whose threads look at how they were started: bits of `seen` count what is wrong, `served` the threads.</summary>
    const string Inspector = """
        #include <sched.h>
        #include <signal.h>
        #include "md_user.h"
        const struct md_user_tables md_user_tables = { .name = "inspector" };
        static const struct md_host *host;
        int seen, served, refusal;
        unsigned long window_one;
        void md_user_windows(const unsigned long *starts) { window_one = starts[1]; }
        int md_user_attach(int fd, const struct md_host *h)
        {
            host = h;
            if (!refusal && h->trace)
                h->trace(MD_UPCALL, "probe", 1, 0, (unsigned long[]){ 0x10, 0x20 }, 2);
            return refusal;
        }
        int md_serve(int fd)
        {
            sigset_t mask;
            cpu_set_t cpus;
            pthread_sigmask(SIG_BLOCK, 0, &mask);
            sched_getaffinity(0, sizeof cpus, &cpus);
            if (!sigismember(&mask, SIGTERM) || !sigismember(&mask, SIGRTMIN)) seen |= 1;
            if (sigismember(&mask, SIGSEGV) || sigismember(&mask, SIGILL)) seen |= 2;
            if (CPU_COUNT(&cpus) != 1) seen |= 4;
            if (fd != 77) seen |= 8;
            if (__sync_fetch_and_add(&served, 1) < 2) host->spawn();
            return 0;
        }
        """;

    [Fact]
    public void Missing_half_asks_to_build_it()
    {
        var failure = Assert.Throws<HostFailure>(() => UserHalf.Load("/no/such/8139cp.so", "8139cp"));

        Assert.StartsWith("the user half /no/such/8139cp.so is missing. Next: build it", failure.Message);
    }

    [Fact]
    public void Undefined_symbols_show_at_load_not_in_a_later_call()
    {
        var path = CompiledC.Library("void some_kernel_function(void); void probe(void) { some_kernel_function(); }");

        var failure = Assert.Throws<HostFailure>(() => UserHalf.Load(path, "a"));

        Assert.Contains("undefined symbol: some_kernel_function", failure.Message);
    }

    [Fact]
    public void A_library_without_the_runtime_part_is_no_half()
    {
        var failure = Assert.Throws<HostFailure>(() => UserHalf.Load(CompiledC.Library("int x;"), "a"));

        Assert.Contains("has no md_user_windows. Next: link user/md_user.c", failure.Message);
    }

    [Fact]
    public void The_half_of_another_driver_is_refused()
    {
        var failure = Assert.Throws<HostFailure>(() => UserHalf.Load(CompiledC.Library(Inspector), "8139cp"));

        Assert.Contains("is the user half of 'inspector', not of '8139cp'", failure.Message);
    }

    [Fact]
    public void A_refused_attach_carries_the_errno_and_the_next_step()
    {
        var path = CompiledC.Library(Inspector.Replace("refusal;", "refusal = -22;"));

        var failure = Assert.Throws<HostFailure>(() => UserHalf.Load(path, "inspector").Attach(77, new ulong[Wire.WindowCount], 0));

        Assert.Contains("Invalid argument (errno 22). Next: install both halves of one slice", failure.Message);
    }

    [Fact]
    public void U_threads_are_pinned_take_no_signals_and_multiply_on_demand()
    {
        var path = CompiledC.Library(Inspector);
        var trace = Path.ChangeExtension(path, "trace");
        var half = UserHalf.Load(path, "inspector");

        half.Attach(77, [0, 0x1000, 0, 0], Tracer.Open(trace, startedByKernel: false));
        UThreads.Serve(half, 77, 4, HostLog.Open(startedByKernel: true));

        Assert.Equal(0, Read(path, "seen"));
        Assert.Equal(6, Read(path, "served"));
        Assert.Equal(0x1000, Read(path, "window_one"));
        Assert.EndsWith("  up    probe(0x10, 0x20)\n", File.ReadAllText(trace));
    }

    static int Read(string path, string variable) =>
        Marshal.ReadInt32(NativeLibrary.GetExport(NativeLibrary.Load(path), variable));
}
