// SPDX-License-Identifier: GPL-2.0-only
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace DriverSlicer.Lab;

/// <summary>The far end of the network workload: iperf3 on the host, which the guest reaches as 10.0.2.2.</summary>
internal sealed class IperfServer : IDisposable
{
    private readonly Process _process;

    private IperfServer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>Returns when the server says that it listens.</summary>
    public static async Task<IperfServer> StartAsync(CancellationToken ct)
    {
        var port = FreePort();
        var process = Subprocess.Start("iperf3", ["-s", "-B", "127.0.0.1", "-p", $"{port}", "--forceflush"], redirectInput: false);
        var server = new IperfServer(process, port);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(ct) is { } line)
            {
                if (line.Contains("listening", StringComparison.Ordinal))
                {
                    _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None); // keep the pipe from filling up
                    return server;
                }
            }
            throw new LabException($"iperf3 -s ended: {await process.StandardError.ReadToEndAsync(ct)}");
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Subprocess.Kill(_process);
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
