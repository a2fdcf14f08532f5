// SPDX-License-Identifier: GPL-2.0-only
using System.Runtime.InteropServices;

namespace Microdrivers.Host;

/// <summary>NAME.so: the driver's own code, its stubs, and user/md_user.c, seen through the four names of md_user.h.</summary>
internal sealed unsafe class UserHalf
{
    readonly delegate* unmanaged<ulong*, void> windows;
    readonly delegate* unmanaged<int, HostCallbacks*, int> attach;

    internal delegate* unmanaged<int, int> ServeFunction { get; }

    UserHalf(nint library, string path)
    {
        windows = (delegate* unmanaged<ulong*, void>)Find(library, path, "md_user_windows");
        attach = (delegate* unmanaged<int, HostCallbacks*, int>)Find(library, path, "md_user_attach");
        ServeFunction = (delegate* unmanaged<int, int>)Find(library, path, "md_serve");
    }

    internal static UserHalf Load(string path, string driver)
    {
        if (!File.Exists(path))
            throw new HostFailure($"the user half {path} is missing", $"build it (make -C DIR/user), or point --half at {driver}.so");

        if (!Libc.TryLoadLibrary(path, out var library, out var reason))
            throw new HostFailure($"cannot load the user half: {reason}",
                "slice and build the driver again; an undefined symbol is a kernel function without a stub");

        var half = new UserHalf(library, path);
        var name = Marshal.PtrToStringUTF8((nint)((UserTablesHead*)Find(library, path, "md_user_tables"))->Name);
        return name == driver
            ? half
            : throw new HostFailure($"{path} is the user half of '{name}', not of '{driver}'", "make --driver and --half agree");
    }

    /// <param name="starts">Of Windows.Map.</param>
    /// <param name="trace">Of Tracer.Open.</param>
    internal void Attach(int device, ulong[] starts, nint trace)
    {
        fixed (ulong* first = starts)
            windows(first);

        // The half keeps the pointer: for ever.
        var callbacks = (HostCallbacks*)NativeMemory.Alloc((nuint)sizeof(HostCallbacks));
        *callbacks = new HostCallbacks { Trace = trace, Spawn = &UThreads.OnSpawn };

        var error = -attach(device, callbacks);
        if (error != 0)
            throw new HostFailure($"the kernel refuses this user half: {Libc.Explain(error)}", AttachNext(error));
    }

    internal static string AttachNext(int error) => error switch
    {
        Libc.NoEntry or Libc.NoDevice => "load the kernel half: modprobe NAME",
        Libc.Busy or Libc.Exists => "a host serves this driver already; it must end first",
        Libc.Invalid or Libc.Protocol => "install both halves of one slice: NAME.ko and NAME.so must carry the same slice id",
        _ => "see what the runtime said: dmesg | grep microdriver",
    };

    static nint Find(nint library, string path, string name)
    {
        var address = Libc.Symbol(library, name);
        return address != 0
            ? address
            : throw new HostFailure($"{path} has no {name}", "link user/md_user.c and the generated tables into it (make -C DIR/user)");
    }
}
