// SPDX-License-Identifier: GPL-2.0-only
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DriverSlicer.Lab;

/// <summary>The lab's own data: JSON with comments, keys in snake_case, and no key that nobody reads.</summary>
public static class LabData
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <exception cref="LabException">The file is not there, or not what it should be.</exception>
    public static T Load<T>(string labFolder, string name)
    {
        var file = Path.Combine(labFolder, name);
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(file), Format)!;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new LabException($"{file}: {e.Message}", e);
        }
    }
}
