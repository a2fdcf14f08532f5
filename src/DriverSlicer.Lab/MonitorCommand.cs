// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DriverSlicer.Lab;

/// <summary>
/// A command that a guest's script asks for with <c>@@Q TEXT</c>, and its answer on the guest's console:
/// <code>
///   @@Q mouse_move 10 -5                    as a person would type it
///   @@Q {"execute":"input-send-event",...}  as QMP has it
///   =TEXT                                   a line of what the monitor said
///   ok                                      last line: the command was carried out
///   error: WHY                              last line: it was not
/// </code>
/// </summary>
internal static class MonitorCommand
{
    private const string Ok = "ok";

    public static string Failed(string why) => $"error: {why}";

    /// <summary>One line of QMP, or null if the text begins like JSON and is none.</summary>
    public static string? ToJson(string command, int id)
    {
        if (!command.StartsWith('{'))
        {
            return new JsonObject
            {
                ["execute"] = "human-monitor-command",
                ["arguments"] = new JsonObject { ["command-line"] = command },
                ["id"] = id,
            }.ToJsonString();
        }
        try
        {
            if (JsonNode.Parse(command) is not JsonObject asked)
                return null;
            asked["id"] = id;
            return asked.ToJsonString();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A line of QMP's: an event, or the answer to the command with that id, or neither.</summary>
    public static (string? Event, int? Id, ImmutableArray<string> Answer) Read(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        if (root.TryGetProperty("event", out var name))
        {
            return root.TryGetProperty("data", out var data) && data.TryGetProperty("reason", out var reason)
                ? ($"{name.GetString()} {reason.GetString()}", null, [])
                : (name.GetString(), null, []);
        }
        if (!root.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.Number)
            return (null, null, []);
        if (root.TryGetProperty("error", out var error))
            return (null, id.GetInt32(), [Failed(error.GetProperty("desc").GetString() ?? "")]);
        return (null, id.GetInt32(), [.. Said(root.GetProperty("return")).Select(l => "=" + l), Ok]);
    }

    // Commands for people answer with text, which is empty if there is nothing to say; what could not be done is text, too.
    private static string[] Said(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.String => answer.GetString()!.Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries),
        JsonValueKind.Object when !answer.EnumerateObject().Any() => [],
        _ => [answer.GetRawText()],
    };
}
