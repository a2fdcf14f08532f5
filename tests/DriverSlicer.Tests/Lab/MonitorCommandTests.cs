// SPDX-License-Identifier: GPL-2.0-only
using System.Net.Sockets;
using Xunit;

namespace DriverSlicer.Lab.Tests;

public class MonitorCommandTests
{
    [Theory]
    [InlineData("""{"QMP": {"version": {}}}""", null)]
    [InlineData("""{"event": "WATCHDOG", "data": {"action": "reset"}}""", "WATCHDOG")]
    [InlineData("""{"event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-reset"}}""", "SHUTDOWN guest-reset")]
    public void Events_carry_their_reason(string line, string? name) => Assert.Equal(name, MonitorCommand.Read(line).Event);

    [Fact]
    public void A_command_is_given_as_typed_or_as_QMP_has_it()
    {
        Assert.Equal(
            """{"execute":"human-monitor-command","arguments":{"command-line":"mouse_move 1 -2"},"id":7}""", MonitorCommand.ToJson("mouse_move 1 -2", 7));
        Assert.Equal("""{"execute":"device_del","arguments":{"id":"stick"},"id":8}""", MonitorCommand.ToJson("""{"execute":"device_del","arguments":{"id":"stick"}}""", 8));
        Assert.Null(MonitorCommand.ToJson("{ no JSON", 9));
    }

    [Theory]
    [InlineData("""{"return": "", "id": 3}""", "ok")]
    [InlineData("""{"return": {}, "id": 3}""", "ok")]
    [InlineData("""{"return": "one\r\ntwo\r\n", "id": 3}""", "=one|=two|ok")]
    [InlineData("""{"return": {"running": true}, "id": 3}""", """={"running": true}|ok""")]
    [InlineData("""{"error": {"class": "DeviceNotFound", "desc": "Device 'x' not found"}, "id": 3}""", "error: Device 'x' not found")]
    public void The_guest_reads_what_was_said_and_whether_it_was_done(string line, string answer)
    {
        var read = MonitorCommand.Read(line);
        Assert.Equal((null, 3, answer), (read.Event, read.Id, string.Join('|', read.Answer)));
    }

    [Fact]
    public void Lines_of_the_console_ask_with_their_mark() =>
        Assert.Equal(
            ["mouse_button 1", null, null],
            new[] { "[    1.234567] @@Q mouse_button 1\r", "[    1.234567] @@T @@Q no", "[    1.234567] usb 1-1: @@Q" }.Select(ConsoleLine.Command));

    [Fact]
    public async Task An_answer_reaches_who_asked_between_events_and_none_comes_when_QEMU_has_ended()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var monitor = new QemuMonitor(path);
        var collected = monitor.CollectAsync(TestContext.Current.CancellationToken);
        using var qemu = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await qemu.ConnectAsync(new UnixDomainSocketEndPoint(path), TestContext.Current.CancellationToken);
        var asked = monitor.ExecuteAsync("info status");
        await qemu.SendAsync("{\"return\": {}}\n{\"event\": \"STOP\"}\n{\"return\": \"paused\", \"id\": 1}\n"u8.ToArray());
        Assert.Equal(["=paused", "ok"], await asked);
        var tooLate = monitor.ExecuteAsync("cont");
        qemu.Close();
        Assert.Equal(["STOP"], await collected);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tooLate);
        File.Delete(path);
    }
}
