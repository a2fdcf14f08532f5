// SPDX-License-Identifier: GPL-2.0-only
namespace Microdrivers.Host;

/// <summary>
/// What serving needs, and no more: once it has attached, the process is a user of its own, on all of its threads, can make no other system call
/// than those listed, and no memory that can be executed. The open device is its only way to anything else.
///
/// A refused call gets EPERM rather than death: the C library has another way for most, and a driver half that asks for more than it may have
/// fails where it asks. clone3 gets ENOSYS, since its flags lie in memory, where no filter can see them; the library then uses clone.
/// Unlike <see cref="Protection"/>, a failure here ends the host: who counts on being confined must be.
/// </summary>
internal static unsafe class Confinement
{
    // One user for each process that lives, above what accounts, containers and services are given: none may touch another.
    const uint FirstUser = 0x70000000;
    const ulong DataBytes = 1UL << 30;

    /// <summary>System calls of x86-64 that pass whatever their arguments are.</summary>
    static readonly uint[] allowed =
    [
        0, 1, 3, 5, 7, 8, 11, 12, 13, 14, 15, 16, 19, 20, 24, 25, 28,   // read write close fstat poll lseek munmap brk rt_sig* ioctl readv writev sched_yield mremap madvise
        35, 39, 60, 63, 72, 96, 98, 99, 131, 143, 145, 146, 147,        // nanosleep getpid exit uname fcntl gettimeofday getrusage sysinfo sigaltstack sched_get*
        186, 201, 202, 204, 218, 219, 228, 229, 230, 231,               // gettid time futex sched_getaffinity set_tid_address restart_syscall clock_* exit_group
        271, 273, 274, 309, 318, 324, 334,                              // ppoll *_robust_list getcpu getrandom membarrier rseq
    ];

    const uint MapCall = 9, ProtectCall = 10, CloneCall = 56, KillCall = 62, ControlCall = 157, SetAffinityCall = 203, ThreadKillCall = 234, LimitCall = 302;
    const uint Clone3Call = 435;
    const uint ProtectExecute = 4, CloneThread = 0x10000, MapSharedOrGrowing = 0x101;

    // seccomp's data: number, architecture, instruction pointer, six arguments of 64 bits.
    const uint NumberAt = 0, ArchitectureAt = 4, ArgumentAt = 16, ArchitectureX64 = 0xC000003E;
    const uint Allow = 0x7fff0000, Kill = 0x80000000, Refuse = 0x00050000 | Libc.NotPermitted, Unknown = 0x00050000 | 38;
    const ushort Load = 0x20, JumpEqual = 0x15, JumpSet = 0x45, Return = 0x06;
    const int SetModeFilter = 1, OnAllThreads = 1;

    internal static void Enter(bool confined)
    {
        if (!confined)
            return;
        ulong* memory = stackalloc ulong[] { DataBytes, DataBytes };
        Must("limit its memory", Libc.SetLimit(Libc.LimitData, memory));
        // The library's functions, which change all threads; the capabilities go with the user.
        Must("give up its groups", Libc.SetGroups(0, null));
        var user = FirstUser + (uint)Environment.ProcessId;
        Must("give up its group", Libc.SetGroupIds(user, user, user));
        Must("give up its user", Libc.SetUserIds(user, user, user));
        // Otherwise no core dump would be left of a driver that crashes.
        Must("stay readable for its core dump", Libc.ProcessControl(Libc.SetDumpable, 1, 0, 0, 0));
        Must("renounce privileges for ever", Libc.ProcessControl(Libc.SetNoNewPrivileges, 1, 0, 0, 0));
        var program = Program();
        fixed (ulong* filter = program)
        {
            var header = new FilterHeader { Length = (ushort)program.Length, Filter = filter };
            // A positive number is a thread that could not follow.
            Must("limit its system calls", -Math.Abs((int)Libc.SystemCall(Libc.SecureComputing, SetModeFilter, OnAllThreads, &header)));
        }
    }

    /// <summary>The filter: one instruction a word (code, jump if true, jump if false, constant).</summary>
    internal static ulong[] Program()
    {
        var program = new List<ulong>
        {
            Instruction(Load, 0, 0, ArchitectureAt),
            Instruction(JumpEqual, 1, 0, ArchitectureX64),
            Instruction(Return, 0, 0, Kill),
            Instruction(Load, 0, 0, NumberAt),
        };
        foreach (var call in allowed)
            program.AddRange([Instruction(JumpEqual, 0, 1, call), Instruction(Return, 0, 0, Allow)]);
        // Nothing becomes code, and nothing is mapped that the limit does not count: the windows are there by now.
        program.AddRange(
        [
            Instruction(JumpEqual, 0, 6, MapCall),
            Instruction(Load, 0, 0, ArgumentAt + 8 * 3),
            Instruction(JumpSet, 3, 0, MapSharedOrGrowing),
            Instruction(Load, 0, 0, ArgumentAt + 8 * 2),
            Instruction(JumpSet, 1, 0, ProtectExecute),
            Instruction(Return, 0, 0, Allow),
            Instruction(Return, 0, 0, Refuse),
        ]);
        program.AddRange(If(ProtectCall, 2, JumpSet, ProtectExecute, Refuse, Allow));
        // A thread, no process.
        program.AddRange(If(CloneCall, 0, JumpSet, CloneThread, Allow, Refuse));
        program.AddRange(If(ControlCall, 0, JumpEqual, Libc.SetName, Allow, Refuse));
        // Only itself.
        foreach (var call in new[] { KillCall, ThreadKillCall })
            program.AddRange(If(call, 0, JumpEqual, (uint)Environment.ProcessId, Allow, Refuse));
        foreach (var call in new[] { LimitCall, SetAffinityCall })
            program.AddRange(If(call, 0, JumpEqual, 0, Allow, Refuse));
        program.AddRange([Instruction(JumpEqual, 0, 1, Clone3Call), Instruction(Return, 0, 0, Unknown)]);
        program.Add(Instruction(Return, 0, 0, Refuse));
        return [.. program];
    }

    /// <summary>For CALL: looks at the low half of an argument, and returns one or the other.</summary>
    static ulong[] If(uint call, uint argument, ushort test, uint constant, uint then, uint otherwise) =>
    [
        Instruction(JumpEqual, 0, 4, call),
        Instruction(Load, 0, 0, ArgumentAt + 8 * argument),
        Instruction(test, 0, 1, constant),
        Instruction(Return, 0, 0, then),
        Instruction(Return, 0, 0, otherwise),
    ];

    static ulong Instruction(ushort code, byte ifTrue, byte ifFalse, uint constant) =>
        code | (ulong)ifTrue << 16 | (ulong)ifFalse << 24 | (ulong)constant << 32;

    struct FilterHeader
    {
        public ushort Length;
        public ulong* Filter;
    }

    static void Must(string aim, int result)
    {
        if (result < 0)
            throw new HostFailure($"cannot {aim}: {Libc.Explain(Libc.LastError)}", "start it as root; --unconfined goes on without");
    }
}
