// SPDX-License-Identifier: GPL-2.0-only
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DriverSlicer.Model;

namespace DriverSlicer.Clang;

/// <summary>A model as JSON. Equal models give equal bytes; reading needs no Clang.</summary>
public static class ModelFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = false,
        Converters = { new JsonStringEnumConverter() },
        MaxDepth = 256,
    };

    private static readonly JsonSerializerOptions Packed = new(Options) { WriteIndented = false };

    public static void Write(string path, DriverModel model)
    {
        var partial = $"{path}.{Environment.ProcessId}.partial";
        using (var stream = File.Create(partial))
            JsonSerializer.Serialize(stream, model, Options);
        File.Move(partial, path, overwrite: true);
    }

    public static DriverModel Read(string path)
    {
        var model = Parse(path);
        return model.Schema == DriverModel.CurrentSchema
            ? model
            : throw new DiagnosticException(new Diagnostic(
                "DS0111", Severity.Error, new Location(path, 0, 0), $"the saved model has schema {model.Schema}, not {DriverModel.CurrentSchema}",
                "save it again with this version of driverslicer"), 2);
    }

    private static DriverModel Parse(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<DriverModel>(stream, Options)!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DiagnosticException(new Diagnostic(
                "DS0112", Severity.Error, new Location(path, 0, 0), $"not a saved model: {e.Message}", "write one with 'driverslicer analyze DRIVER --save-model FILE'"), 2);
        }
    }

    /// <summary>As small and quick as JSON can be: for a cache.</summary>
    public static byte[] Pack(DriverRead driver) => JsonSerializer.SerializeToUtf8Bytes(driver, Packed);

    public static DriverRead Unpack(byte[] bytes) => JsonSerializer.Deserialize<DriverRead>(bytes, Packed)!;

    public static string ToText(DriverModel model) => JsonSerializer.Serialize(model, Options);

    public static DriverModel FromText(string text) => JsonSerializer.Deserialize<DriverModel>(text, Options)!;
}
