// SPDX-License-Identifier: GPL-2.0-only
using System.Net.Sockets;
using System.Text.Json;

namespace DriverSlicer.Lab;

/// <summary>
/// QEMU's own account of the guest (QMP): only it can tell a watchdog's reset from a panic's. The lab listens and QEMU connects,
/// so that neither has to wait for the other's file to appear.
/// </summary>
internal sealed class QemuEvents(string socketPath) : IDisposable
{
    private readonly Socket _listener = Listen(socketPath);

    /// <summary>Event names in order, SHUTDOWN with its reason ("SHUTDOWN guest-reset"). Ends when QEMU does.</summary>
    public async Task<List<string>> CollectAsync(CancellationToken ct)
    {
        var events = new List<string>();
        try
        {
            using var connection = new NetworkStream(await _listener.AcceptAsync(ct), ownsSocket: true);
            using var reader = new StreamReader(connection);
            await connection.WriteAsync("{\"execute\":\"qmp_capabilities\"}\n"u8.ToArray(), ct);
            while (await reader.ReadLineAsync(ct) is { } line)
            {
                if (NameOf(line) is { } name)
                    events.Add(name);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // QEMU is gone: what it had said so far counts.
        }
        return events;
    }

    public static string? NameOf(string line)
    {
        using var json = JsonDocument.Parse(line);
        if (!json.RootElement.TryGetProperty("event", out var name))
            return null;
        return json.RootElement.TryGetProperty("data", out var data) && data.TryGetProperty("reason", out var reason)
            ? $"{name.GetString()} {reason.GetString()}"
            : name.GetString();
    }

    public void Dispose() => _listener.Dispose();

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen(1);
        return socket;
    }
}
