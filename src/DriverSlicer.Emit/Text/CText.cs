// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit.Text;

/// <summary>Small pieces of C.</summary>
internal static class CText
{
    /// <summary>The type's name as C source, usable in a cast. An enum or struct without a name is replaced by what it is to the ABI.</summary>
    public static string Name(CType type)
    {
        if (!type.Spelling.Contains("(unnamed", StringComparison.Ordinal) && !type.Spelling.Contains("(anonymous", StringComparison.Ordinal))
        {
            return Unqualified(type.Spelling);
        }

        return type switch
        {
            { IsPointer: true } => "void *",
            { IsSigned: true } => "int",
            _ => "unsigned int",
        };
    }

    /// <summary>Declaration of <paramref name="name"/> with this type: <c>int a1</c>, <c>struct pci_dev *a0</c>, <c>void (*a2)(int)</c>.</summary>
    public static string Declare(CType type, string name)
    {
        var spelling = Name(type);
        var pointer = spelling.IndexOf("(*", StringComparison.Ordinal);
        if (pointer >= 0)
        {
            return spelling.Insert(spelling.IndexOfAny([')', '('], pointer + 2) is var end && spelling[end] == ')' ? end : pointer + 2, name);
        }

        var array = spelling.IndexOf('[', StringComparison.Ordinal);
        if (array >= 0)
        {
            return $"{spelling[..array].TrimEnd()} {name}{spelling[array..]}";
        }

        return spelling.EndsWith('*') ? spelling + name : $"{spelling} {name}";
    }

    /// <summary>The type as a parameter has it: arrays become pointers.</summary>
    public static CType AsParameter(CType type)
    {
        var array = type.Spelling.IndexOf('[', StringComparison.Ordinal);
        if (array < 0)
        {
            return type;
        }

        var rest = type.Spelling[(type.Spelling.IndexOf(']', array) + 1)..];
        return type with { Kind = CKind.Pointer, Size = 8, Spelling = type.Spelling[..array].TrimEnd() + (rest.Length == 0 ? " *" : $" (*){rest}") };
    }

    /// <summary>A value of this type as the machine word that travels.</summary>
    public static string ToRaw(CType type, string value) => type.Kind == CKind.Record ? $"md_struct({value})" : $"md_value({value})";

    /// <summary>The value of <paramref name="raw"/>, a u64 that came over the cut, as this type; upper bits are not to be trusted.</summary>
    public static string FromRaw(CType type, string raw) => type switch
    {
        { IsPointer: true } => $"(void *)(unsigned long){raw}",
        { Kind: CKind.Bool } => $"(unsigned char){raw}",
        { Kind: CKind.Record } => $"*({Name(type)} *)&(unsigned long){{ {raw} }}",
        _ => $"({Name(type)}){raw}",
    };

    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch { '"' => "\\\"", '\\' => "\\\\", '\n' => "\\n", _ => c.ToString() });
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A C identifier made of a file or type name.</summary>
    public static string Identifier(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    /// <summary>The names, made distinct by a number behind each but the first of equal ones.</summary>
    public static ImmutableArray<string> Distinct(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var result = ImmutableArray.CreateBuilder<string>();
        foreach (var name in names)
        {
            var candidate = name;
            for (var i = 2; !seen.Add(candidate); i++)
            {
                candidate = $"{name}_{i}";
            }

            result.Add(candidate);
        }

        return result.ToImmutable();
    }

    private static string Unqualified(string spelling)
    {
        var result = spelling.EndsWith("*const", StringComparison.Ordinal) ? spelling[..^"const".Length] : spelling;
        return result.StartsWith("const ", StringComparison.Ordinal) && !result.Contains('*', StringComparison.Ordinal) ? result["const ".Length..] : result;
    }
}
