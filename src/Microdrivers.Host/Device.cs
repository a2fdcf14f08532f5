// SPDX-License-Identifier: GPL-2.0-only
namespace Microdrivers.Host;

internal static class Device
{
    /// <returns>File descriptor of the runtime's device.</returns>
    internal static int Open(string path)
    {
        var device = Libc.Open(path, Libc.ReadWrite | Libc.CloseOnExec, 0);
        if (device >= 0)
            return device;
        var error = Libc.LastError;
        throw new HostFailure($"cannot open {path}: {Libc.Explain(error)}", error switch
        {
            Libc.NoEntry or Libc.NoDevice or Libc.NoSuchDevice =>
                "load the runtime module (modprobe microdriver, or driverslicer load DIR)",
            Libc.Access or Libc.NotPermitted => "run the host as root; NAME.ko normally starts it",
            _ => "see what the runtime said: dmesg | grep microdriver",
        });
    }

    /// <summary>HELLO: both sides say their version; the kernel says what there is to map.</summary>
    internal static unsafe Hello Negotiate(int device)
    {
        var hello = new Hello { Version = Wire.Version };
        var answer = Libc.Ioctl(device, Wire.IocHello, &hello);
        var error = answer < 0 ? Libc.LastError : 0;

        CheckVersion(hello.Version);
        return error switch
        {
            0 => hello,
            Libc.NotTty => throw new HostFailure("the device does not answer HELLO",
                "check --device: it must be the node of microdriver.ko, and that module as new as this host"),
            _ => throw new HostFailure($"HELLO failed: {Libc.Explain(error)}", "see what the runtime said: dmesg | grep microdriver"),
        };
    }

    internal static void CheckVersion(uint module)
    {
        if (module == Wire.Version)
            return;
        var older = module < Wire.Version ? "microdriver.ko" : "microdriver-host";
        throw new HostFailure($"microdriver.ko speaks version {module} of the protocol, this host version {Wire.Version}",
            $"update {older}: both come from one build of DriverSlicer");
    }
}
