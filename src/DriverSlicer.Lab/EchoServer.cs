// SPDX-License-Identifier: GPL-2.0-only
using System.Net;
using System.Net.Sockets;

namespace DriverSlicer.Lab;

/// <summary>The far end of a connection that has to last: sends everything back. The guest reaches it as 10.0.2.2.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();

    public EchoServer()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = EchoAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The campaign is over.
        }
    }

    private async Task EchoAsync(TcpClient client)
    {
        using var _ = client;
        client.NoDelay = true;
        try
        {
            await client.GetStream().CopyToAsync(client.GetStream(), _end.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // A guest that is gone.
        }
    }
}
