// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text;

namespace DriverSlicer.Lab;

/// <summary>
/// QEMU's monitor (QMP): its own account of the guest, since only it can tell a watchdog's reset from a panic's, and the commands that a
/// script asks for. The lab listens and QEMU connects, so that neither has to wait for the other's file to appear.
/// </summary>
internal sealed class QemuMonitor(string socketPath) : IDisposable
{
    private readonly Socket _listener = Listen(socketPath);
    private readonly TaskCompletionSource<NetworkStream> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<ImmutableArray<string>>> _asked = new();
    private int _lastId;

    /// <summary>Event names in order, SHUTDOWN with its reason ("SHUTDOWN guest-reset"). Ends when QEMU does.</summary>
    public async Task<List<string>> CollectAsync(CancellationToken ct)
    {
        var events = new List<string>();
        try
        {
            using var connection = new NetworkStream(await _listener.AcceptAsync(ct), ownsSocket: true);
            using var reader = new StreamReader(connection);
            await connection.WriteAsync("{\"execute\":\"qmp_capabilities\"}\n"u8.ToArray(), ct);
            _connected.TrySetResult(connection);
            while (await reader.ReadLineAsync(ct) is { } line)
            {
                var (name, id, answer) = MonitorCommand.Read(line);
                if (name is not null)
                    events.Add(name);
                else if (id is { } number && _asked.TryRemove(number, out var asked))
                    asked.TrySetResult(answer);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // QEMU is gone: what it had said so far counts.
        }
        _connected.TrySetCanceled(CancellationToken.None);
        foreach (var asked in _asked.Values)
            asked.TrySetCanceled(CancellationToken.None);
        return events;
    }

    /// <summary>What the guest reads on its console (see <see cref="MonitorCommand"/>) once QEMU has carried out the command.</summary>
    /// <exception cref="OperationCanceledException">QEMU ended first</exception>
    public async Task<ImmutableArray<string>> ExecuteAsync(string command)
    {
        var id = Interlocked.Increment(ref _lastId);
        if (MonitorCommand.ToJson(command, id) is not { } json)
            return [MonitorCommand.Failed("not a JSON object")];

        // Known before anything can answer: an answer that nobody waits for is dropped.
        var asked = new TaskCompletionSource<ImmutableArray<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = asked;
        var connection = await _connected.Task;
        try
        {
            await connection.WriteAsync(Encoding.UTF8.GetBytes(json + "\n"));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new OperationCanceledException("QEMU ended", e);
        }
        return await asked.Task;
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
