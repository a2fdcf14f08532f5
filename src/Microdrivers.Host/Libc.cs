// SPDX-License-Identifier: GPL-2.0-only
using System.Runtime.InteropServices;

namespace Microdrivers.Host;

/// <summary>The C library, as far as the host needs it; constants are those of x86-64 Linux.</summary>
internal static unsafe partial class Libc
{
    const string C = "libc";

    internal const int NoEntry = 2, NoDevice = 19, NoMemory = 12, NotTty = 25, Invalid = 22, Busy = 16, Access = 13;
    internal const int NoSuchDevice = 6, Protocol = 71, Exists = 17, NotPermitted = 1;

    internal const int ReadWrite = 2, WriteOnly = 1, Create = 0x40, Append = 0x400, CloseOnExec = 0x80000;

    [LibraryImport(C, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags, uint mode);
    [LibraryImport(C, EntryPoint = "close")]
    internal static partial int Close(int file);
    [LibraryImport(C, EntryPoint = "write")]
    internal static partial nint Write(int file, byte* bytes, nuint count);
    [LibraryImport(C, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(int file, nuint request, void* argument);
    [LibraryImport(C, EntryPoint = "_exit")]
    internal static partial void ExitNow(int code);
    [LibraryImport(C, EntryPoint = "gettid")]
    internal static partial int ThreadId();

    internal const int ProtectReadWrite = 3, MapShared = 1, MapFixedNoReplace = 0x100000;
    internal const int PopulateRead = 22;
    internal const int LockCurrent = 1, LockFuture = 2, LockOnFault = 4;

    [LibraryImport(C, EntryPoint = "mmap", SetLastError = true)]
    internal static partial nint Map(nuint address, nuint length, int protection, int flags, int file, long offset);
    [LibraryImport(C, EntryPoint = "munmap")]
    internal static partial int Unmap(nint address, nuint length);
    [LibraryImport(C, EntryPoint = "madvise", SetLastError = true)]
    internal static partial int Advise(nuint address, nuint length, int advice);
    [LibraryImport(C, EntryPoint = "mlockall", SetLastError = true)]
    internal static partial int LockAll(int flags);

    internal const int BindNow = 2;

    [LibraryImport(C, EntryPoint = "dlsym", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint Symbol(nint library, string name);

    /// <summary>
    /// dlopen with every symbol bound now. Called through plain addresses: a lazily bound import would call dlsym between the failure and
    /// the question for its reason, which wipes the reason.
    /// </summary>
    internal static bool TryLoadLibrary(string path, out nint library, out string? reason)
    {
        var libc = NativeLibrary.Load("libc.so.6");
        var open = (delegate* unmanaged<byte*, int, nint>)NativeLibrary.GetExport(libc, "dlopen");
        var error = (delegate* unmanaged<nint>)NativeLibrary.GetExport(libc, "dlerror");
        nint message;
        fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
        {
            library = open(name, BindNow);
            message = library == 0 ? error() : 0;
        }

        reason = Marshal.PtrToStringUTF8(message);
        return library != 0;
    }

    internal const int SetName = 15, SetIoFlusher = 57, SetNoNewPrivileges = 38, SetDumpable = 4;
    internal const int SecureComputing = 317;
    internal const int LimitMemoryLock = 8, LimitData = 2;

    [LibraryImport(C, EntryPoint = "prctl", SetLastError = true)]
    internal static partial int ProcessControl(int what, nuint value, nuint third, nuint fourth, nuint fifth);
    [LibraryImport(C, EntryPoint = "setrlimit", SetLastError = true)]
    internal static partial int SetLimit(int which, ulong* softAndHard);
    [LibraryImport(C, EntryPoint = "setgroups", SetLastError = true)]
    internal static partial int SetGroups(nuint count, uint* groups);
    [LibraryImport(C, EntryPoint = "setresgid", SetLastError = true)]
    internal static partial int SetGroupIds(uint real, uint effective, uint saved);
    [LibraryImport(C, EntryPoint = "setresuid", SetLastError = true)]
    internal static partial int SetUserIds(uint real, uint effective, uint saved);
    [LibraryImport(C, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint SystemCall(nint number, nint first, nint second, void* third);
    [LibraryImport(C, EntryPoint = "chdir", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ChangeDirectory(string path);

    internal const int SetMask = 2, Block = 0;
    internal const int SignalSetBytes = 128, ThreadAttributeBytes = 64, CpuSetBytes = 128;

    [LibraryImport(C, EntryPoint = "pthread_sigmask")]
    internal static partial int SignalMask(int how, byte* set, byte* old);
    [LibraryImport(C, EntryPoint = "sched_getaffinity", SetLastError = true)]
    internal static partial int GetAffinity(int thread, nuint bytes, byte* set);
    [LibraryImport(C, EntryPoint = "sched_setaffinity")]
    internal static partial int SetAffinity(int thread, nuint bytes, byte* set);
    [LibraryImport(C, EntryPoint = "pthread_attr_init")]
    internal static partial int InitAttributes(byte* attributes);
    [LibraryImport(C, EntryPoint = "pthread_attr_setstacksize")]
    internal static partial int SetStackSize(byte* attributes, nuint bytes);
    [LibraryImport(C, EntryPoint = "pthread_create")]
    internal static partial int CreateThread(nuint* thread, byte* attributes, delegate* unmanaged<nint, nint> body, nint argument);
    [LibraryImport(C, EntryPoint = "pthread_join")]
    internal static partial int JoinThread(nuint thread, nint* result);

    internal static int LastError => Marshal.GetLastPInvokeError();
    internal static string Explain(int error) => $"{Marshal.GetPInvokeErrorMessage(error)} (errno {error})";
}
