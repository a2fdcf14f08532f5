// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Emit;

/// <summary>A driver's model from its text, without Clang: functions are found by their names, the insertion point by a line.</summary>
internal sealed class DriverText(string folder, string driver, string kernel)
{
    private readonly List<SourceFile> _files = [];
    private readonly List<Function> _functions = [];
    private readonly List<Global> _globals = [];

    public ImmutableArray<string> ExtraFlags { get; init; } = [];

    /// <param name="lastInclude">The line after which shims go.</param>
    public DriverText Unit(string path, string lastInclude, params string[] included)
    {
        var text = Read(path);
        var offset = text.IndexOf(lastInclude + "\n", StringComparison.Ordinal) + lastInclude.Length + 1;
        _files.Add(new SourceFile(
            path, text, CompilerArguments(path),
            Encoding.UTF8.GetByteCount(text.AsSpan(0, offset)), [.. included.Select(file => new IncludedFile(file, Read(file)))]));
        return this;
    }

    public DriverText Defines(string file, string name, CType result, params (string Name, CType Type)[] parameters) =>
        Add(file, file, name, result, [], parameters);

    /// <summary>A definition in an included file; <paramref name="unit"/> is the translation unit.</summary>
    public DriverText DefinesIn(string unit, string file, string name, CType result, params (string Name, CType Type)[] parameters) =>
        Add(unit, file, name, result, [], parameters);

    /// <summary>A definition that calls others of the driver.</summary>
    public DriverText DefinesCalling(string callees, string file, string name, CType result, params (string Name, CType Type)[] parameters) =>
        DefinesCallingIn(callees, file, file, name, result, parameters);

    public DriverText DefinesCallingIn(string callees, string unit, string file, string name, CType result, params (string Name, CType Type)[] parameters) =>
        Add(unit, file, name, result, [.. callees.Split(' ').Select(callee => new Call(Location.None, null, Id(callee), null, C.Int, [], null))], parameters);

    public DriverText Declares(string name) => Add("", null, name, CType.Void, [], []);

    /// <summary>A static table: field initialisers with the address of a function.</summary>
    public DriverText Table(string unit, string name, params string[] functions)
    {
        _globals.Add(new Global(
            Id(name), name, unit, Location.None, C.Struct(name), true, false, true, null, null,
            [.. functions.Select(function => new InitializerPointer("", "", Id(function), true, Location.None))]));
        return this;
    }

    /// <summary>A static variable inside a function.</summary>
    public DriverText Static(string unit, string function, string name, CType type)
    {
        var lines = Read(unit).Split('\n');
        var line = Array.FindIndex(lines, text => Regex.IsMatch(text, $@"\bstatic\b.*\b{name}\b"));
        var column = Regex.Matches(lines[line], $@"\b{name}\b")[^1].Index + 1;
        _globals.Add(new Global(Id(name), name, unit, new Location(unit, line + 1, column), type, true, false, false, Id(function), null, []));
        return this;
    }

    public DriverModel Model() => new(DriverModel.CurrentSchema, driver, kernel, [.. _files], [], [.. _functions], [.. _globals], [])
    {
        ExtraFlags = ExtraFlags,
    };

    public static string Id(string name) => "id:" + name;

    private DriverText Add(string unit, string? file, string name, CType result, ImmutableArray<Fact> facts, (string Name, CType Type)[] parameters)
    {
        var (definition, body) = file is null ? (null, null) : Find(file, name);
        _functions.Add(new Function(
            Id(name), name, file is null ? FunctionOrigin.Extern : FunctionOrigin.Driver, unit, new Location(file ?? "", 1, 1), definition, body,
            1, true, false, false, result, [.. parameters.Select(p => new Parameter(p.Name, p.Type))], [], null, facts));
        return this;
    }

    private (Extent Definition, Extent Body) Find(string file, string name)
    {
        var text = Read(file);
        var head = Regex.Match(text, $@"^\w[^;={{}}#]*?\b{name}\s*\([^;{{]*?\)\s*{{", RegexOptions.Multiline);
        Assert(head.Success, $"{file} does not define {name}");
        var open = head.Index + head.Length - 1;
        var depth = 0;
        var end = open;
        do
        {
            depth += text[end] switch { '{' => 1, '}' => -1, _ => 0 };
            end++;
        }
        while (depth > 0);
        return (new Extent(file, Bytes(text, head.Index), Bytes(text, end)), new Extent(file, Bytes(text, open), Bytes(text, end)));
    }

    /// <summary>As the front end harvests them.</summary>
    private ImmutableArray<string> CompilerArguments(string path)
    {
        var common = $"/usr/src/linux-headers-{kernel[..kernel.LastIndexOf('-')]}-common";
        return
        [
            "-nostdinc", $"-I{common}/arch/x86/include", "-I./arch/x86/include/generated", $"-I{common}/include", "-I./include",
            $"-I{common}/arch/x86/include/uapi", "-I./arch/x86/include/generated/uapi", $"-I{common}/include/uapi", "-I./include/generated/uapi",
            "-include", $"{common}/include/linux/compiler-version.h", "-include", $"{common}/include/linux/kconfig.h",
            "-include", $"{common}/include/linux/compiler_types.h",
            "-D__KERNEL__", "-fno-strict-aliasing", "-fshort-wchar", "-fno-PIE", "-std=gnu11", "-mno-sse", "-mno-mmx", "-mno-sse2", "-mno-3dnow",
            "-mno-avx", "-m64", "-mno-80387", "-mno-red-zone", "-mcmodel=kernel", "-O2", "-DCC_USING_FENTRY", "-DMODULE",
            $"-DKBUILD_BASENAME=\"{path[..^2]}\"", $"-DKBUILD_MODNAME=\"{driver.Replace('-', '_')}\"", $"-D__KBUILD_MODNAME=kmod_{driver.Replace('-', '_')}",
            .. ExtraFlags,
        ];
    }

    private string Read(string path) => File.ReadAllText(Path.Combine(folder, path));

    private static int Bytes(string text, int characters) => Encoding.UTF8.GetByteCount(text.AsSpan(0, characters));

    private static void Assert(bool condition, string message) => Xunit.Assert.True(condition, message);
}
