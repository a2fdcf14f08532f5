// SPDX-License-Identifier: GPL-2.0-only
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DriverSlicer.Report;

/// <summary>
/// Text that stands inside a script element. HTML ends such an element at the first <c>&lt;/script</c>, wherever that stands, and reads
/// <c>&lt;!--</c> as the start of something else; a driver's comment may hold either. In JSON a <c>&lt;</c> only occurs within strings, where an
/// escape means the same.
/// </summary>
internal static class ScriptText
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Json(object data) => JsonSerializer.Serialize(data, Options)
        .Replace("<", "\\u003c", StringComparison.Ordinal)
        .Replace("\u2028", "\\u2028", StringComparison.Ordinal)
        .Replace("\u2029", "\\u2029", StringComparison.Ordinal);

    /// <summary>A program cannot be escaped without reading it; ours and the libraries' need not be, and a new version that does is noticed here.</summary>
    public static string Program(string name, string text) =>
        text.Contains("</script", StringComparison.OrdinalIgnoreCase) || text.Contains("<!--", StringComparison.Ordinal)
            ? throw new InvalidOperationException($"{name} cannot stand inside a script element")
            : text;
}
