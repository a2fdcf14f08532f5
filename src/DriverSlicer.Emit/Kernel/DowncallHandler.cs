// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;

namespace DriverSlicer.Emit.Kernel;

/// <summary>
/// The function that carries out one downcall: fetch the arguments (the runtime checks each), give up if one is bad, call, hand the
/// result over. C expressions of the specification speak of a0, a1, ... and r, so that is what the locals are called. Around the call
/// itself the runtime makes the context what the user half believes it to be; a shipped one is a function of its own, for another task.
/// </summary>
internal static class DowncallHandler
{
    public static string NameOf(Slice slice, int id) => "md_do_" + Suffix(slice, id);

    public static string UndoOf(Slice slice, int id) => "md_undo_" + Suffix(slice, id);

    public static string LateOf(Slice slice, int id) => "md_late_" + Suffix(slice, id);

    public static string Text(Slice slice, int id, Downcall downcall)
    {
        var text = new StringBuilder();
        text.Append(downcall.Shipped ? Ship(slice, id, downcall) : $"/* {Prototype(downcall)} */\n");
        text.Append($"static u64 {(IsInit(slice, downcall) ? "__ref " : "")}{NameOf(slice, id)}(struct md_call *c)\n{{\n");
        foreach (var (parameter, i) in downcall.Parameters.Select((parameter, i) => (parameter, i)))
        {
            text.Append('\t').Append(Local(slice, parameter, i)).Append(";\n");
        }

        if (downcall.Result.Kind != DownResultKind.Void)
        {
            text.Append('\t').Append(CText.Declare(downcall.Result.CType, "r")).Append(";\n");
        }

        if (downcall.Shipped)
        {
            text.Append($"\tu64 v[{downcall.Parameters.Length + 1}];\n");
        }

        text.Append(downcall is { Parameters.IsEmpty: true, Result.Kind: DownResultKind.Void, Shipped: false } ? "" : "\n");
        text.Append(string.Concat(downcall.Needed.Where(i => !IsSized(downcall.Parameters[i])).Select(i => $"\tmd_arg_needed(c, {i});\n")));
        text.Append("\tif (md_call_bad(c))\n\t\treturn 0;\n");
        text.Append(Buffers(downcall));
        if (downcall.Requires is { } requires)
            text.Append($"\tif (!({requires}))\n\t\tmd_refuse(c, \"argument that the interface allows\");\n\tif (md_call_bad(c))\n\t\treturn 0;\n");
        text.Append(string.Concat(downcall.Acquires.Where(pair => pair.Once).Select(pair => Acquiring(slice, pair))));
        text.Append(Releases(slice, id, downcall));
        text.Append(downcall.Shipped ? Shipping(slice, id, downcall) : $"\tmd_call_begin(c);\n{LockClasses.Invocations(slice, downcall) ?? Invocation(downcall)}\tmd_call_end(c);\n");
        foreach (var (parameter, i) in downcall.Parameters.Select((parameter, i) => (parameter, i)).Where(entry => entry.parameter.Kind == DownParameterKind.OutPointer))
        {
            text.Append(parameter.Type < 0 ? $"\t*b{i} = md_result_opaque(c, o{i});\n" : $"\t*b{i} = md_result_object(c, o{i}, {slice.Type(parameter.Type)});\n");
        }

        foreach (var pair in downcall.Acquires)
        {
            text.Append(Acquired(slice, pair));
        }

        text.Append($"\treturn {Result(slice, downcall.Result)};\n}}\n\n");
        return text.Append(downcall.Undoes ? Undo(slice, id, downcall) : "").Append(downcall.Late is { } late ? Late(slice, id, downcall, late) : "").ToString();
    }

    /// <summary>A function in a section that is dropped after init, or left out without unloading.</summary>
    private static bool IsInit(Slice slice, Downcall downcall) => downcall.Kind == DowncallKind.Driver
        && slice.Cut.Texts.Any(function => function.Id == downcall.Function && (function.Attributes.Contains("init") || function.Attributes.Contains("exit")));

    private static string Suffix(Slice slice, int id) => slice.DowncallNames[id]["MD_CALL_".Length..];

    private static string Prototype(Downcall downcall) =>
        $"{CText.Declare(downcall.Result.CType, downcall.Name)}({string.Join(", ", downcall.Parameters.Select(p => CText.Name(CText.AsParameter(p.CType))))}{(downcall.Variadic ? ", ..." : "")})";

    private static string Local(Slice slice, DownParameter parameter, int i)
    {
        var local = CText.Declare(CText.AsParameter(parameter.CType), $"a{i}");
        return parameter.Kind switch
        {
            DownParameterKind.Scalar when parameter.CType.IsPointer => $"{local} = (void *)(unsigned long)md_arg(c, {i})",
            DownParameterKind.Scalar when parameter.CType.Kind == CKind.Record => $"{local} = {CText.FromRaw(parameter.CType, $"md_arg(c, {i})")}",
            DownParameterKind.Scalar => $"{local} = md_arg(c, {i})",
            DownParameterKind.Object => $"{local} = {OrError(parameter, i)}md_arg_object(c, {i}, {slice.Type(parameter.Type)})",
            DownParameterKind.Opaque => $"{local} = {FromPointer(parameter.CType)}{OrError(parameter, i)}{OpaqueArgument(slice, parameter, i)}",
            DownParameterKind.Function => $"{local} = md_arg_function(c, {i}, {SetOf(parameter.Functions)})",
            DownParameterKind.String or DownParameterKind.Format => $"{local} = {Writable(parameter.CType)}md_arg_string(c, {i})",
            DownParameterKind.StringKept => $"{local} = {Writable(parameter.CType)}md_arg_string_keep(c, {i})",
            DownParameterKind.Buffer => local,
            DownParameterKind.OutPointer => $"{CText.Declare(parameter.CType.Element!, $"o{i}")} = NULL;\n\t{local} = &o{i};\n\tu64 *b{i}",
            _ => throw new InvalidOperationException($"parameter kind {parameter.Kind}"),
        };
    }

    private static string OpaqueArgument(Slice slice, DownParameter parameter, int i)
    {
        var cookie = parameter.Cookie ? "true" : "false";
        return parameter.Among.IsEmpty
            ? $"md_arg_opaque(c, {i}, {cookie})"
            : $"md_arg_among(c, {i}, (const u16 []){{ {string.Join(", ", parameter.Among.Select(slice.Type))} }}, {parameter.Among.Length}, {cookie})";
    }

    private static string OrError(DownParameter parameter, int i) => parameter.Errors ? $"md_arg_error(c, {i}) ?: " : "";

    /// <summary>Cookies may be declared as integers (timer data, IRQ handles).</summary>
    private static string FromPointer(CType type) => type.IsPointer ? "" : "(unsigned long)";

    private static string Writable(CType type) => type is { Element.IsConst: true } ? "" : "(void *)";

    /// <summary>Sizes may look into objects, so they are computed after all of the other arguments were found good.</summary>
    private static string Buffers(Downcall downcall)
    {
        var buffers = downcall.Parameters.Select((parameter, i) => (parameter, i))
            .Where(entry => entry.parameter.Kind is DownParameterKind.Buffer or DownParameterKind.OutPointer).ToImmutableArray();
        if (buffers.IsEmpty)
        {
            return "";
        }

        var lines = buffers.Select(entry => entry.parameter.Kind == DownParameterKind.OutPointer
            ? $"\tb{entry.i} = md_arg_buffer(c, {entry.i}, sizeof(u64), MD_IN | MD_OUT);\n"
            : $"\ta{entry.i} = {(downcall.Needed.Contains(entry.i) ? "" : UnlessNull(entry.parameter, entry.i))}md_arg_buffer(c, {entry.i}, {SizeOf(downcall, entry.parameter, entry.i)}, {Direction(entry.parameter)});\n");
        return string.Concat(lines) + "\tif (md_call_bad(c))\n\t\treturn 0;\n";
    }

    /// <summary>A pointer to a single value may be NULL, as for an object; a run of bytes to which a specification gives a length may not.</summary>
    private static string UnlessNull(DownParameter parameter, int i) =>
        parameter.Size is null || parameter.Size == parameter.CType.Element?.Size.ToString(CultureInfo.InvariantCulture) ? $"!md_arg(c, {i}) ? NULL : " : "";

    /// <summary>The runtime refuses NULL for these itself.</summary>
    private static bool IsSized(DownParameter parameter) => parameter.Kind is DownParameterKind.Buffer or DownParameterKind.OutPointer;

    internal static string SetOf(int functions) => functions < 0 ? "MD_TYPE_NONE" : functions.ToString(CultureInfo.InvariantCulture);

    private static string SizeOf(Downcall downcall, DownParameter parameter, int i) => parameter switch
    {
        { Size: { } size } => size,
        { CType: { IsPointer: true, IsVoidPointer: false } } => $"sizeof(*a{i})",
        _ => throw new InvalidOperationException($"plan: buffer {i} of {downcall.Name} has no size"),
    };

    private static string Direction(DownParameter parameter) => (parameter.In, parameter.Out) switch
    {
        (true, true) => "MD_IN | MD_OUT",
        (true, false) => "MD_IN",
        (false, true) => "MD_OUT",
        _ => "0",
    };

    private static string Releases(Slice slice, int id, Downcall downcall)
    {
        var text = new StringBuilder();
        if (downcall.IsRelease)
        {
            var keys = Enumerable.Range(0, 3).Select(i => i < downcall.Parameters.Length ? $"md_value(a{i})" : "0");
            text.Append($"\tif (!md_releasing(c, {slice.DowncallNames[id]}, {string.Join(", ", keys)}))\n\t\treturn 0;\n");
        }

        if (downcall.Unlocks)
        {
            text.Append($"\tmd_unlocking(c, {slice.DowncallNames[id]}, {(downcall.Parameters.IsEmpty ? "0" : "md_value(a0)")});\n");
        }

        if (downcall.Frees >= 0)
        {
            text.Append($"\tmd_release(c, (const void __force *)a{downcall.Frees});\n\tif (md_call_bad(c))\n\t\treturn 0;\n");
        }

        return text.ToString();
    }

    /// <summary>A format arrives as finished text: the kernel's own formatter only sees "%s".</summary>
    private static string Invocation(Downcall downcall)
    {
        var arguments = downcall.Parameters.Select((parameter, i) => parameter.Kind == DownParameterKind.Format ? "\"%s\"" : $"a{i}")
            .Concat(downcall.Parameters.Select((parameter, i) => (parameter, i)).Where(entry => entry.parameter.Kind == DownParameterKind.Format).Select(entry => $"a{entry.i}"));
        return Call(downcall, arguments);
    }

    internal static string Call(Downcall downcall, IEnumerable<string> arguments) =>
        $"\t{(downcall.Result.Kind == DownResultKind.Void ? "" : "r = ")}{downcall.Name}({string.Join(", ", arguments)});\n";

    /// <summary>The call as a function of machine words: arguments, then the result.</summary>
    private static string Ship(Slice slice, int id, Downcall downcall)
    {
        var locals = downcall.Parameters.Select((parameter, i) => (Type: CText.AsParameter(parameter.CType), i))
            .Select(p => $"\t{CText.Declare(p.Type, $"a{p.i}")} = {CText.FromRaw(p.Type, $"v[{p.i}]")};\n");
        var hasResult = downcall.Result.Kind != DownResultKind.Void;
        return $$"""
            /* {{Prototype(downcall)}} */
            static {{(IsInit(slice, downcall) ? "__ref " : "")}}void {{ShipOf(slice, id)}}(u64 *v)
            {
            {{string.Concat(locals)}}{{(hasResult ? $"\t{CText.Declare(downcall.Result.CType, "r")};\n" : "")}}
            {{Invocation(downcall)}}{{(hasResult ? $"\tv[{downcall.Parameters.Length}] = {CText.ToRaw(downcall.Result.CType, "r")};\n" : "")}}}


            """;
    }

    private static string ShipOf(Slice slice, int id) => "md_ship_" + Suffix(slice, id);

    private static string Shipping(Slice slice, int id, Downcall downcall)
    {
        var words = downcall.Parameters.Select((parameter, i) => $"\tv[{i}] = {CText.ToRaw(CText.AsParameter(parameter.CType), $"a{i}")};\n");
        var result = downcall.Result.Kind == DownResultKind.Void ? "" : $"\tr = {CText.FromRaw(downcall.Result.CType, $"v[{downcall.Parameters.Length}]")};\n";
        return $"{string.Concat(words)}\tmd_call_ship(c, {ShipOf(slice, id)}, v);\n{result}";
    }

    /// <summary>The lock itself; 0 where there is one only.</summary>
    private static string LockOf(PairRule pair) => pair.Keys.IsEmpty ? "0" : $"md_value({pair.Keys[0]})";

    private static string Acquiring(Slice slice, PairRule pair) => pair.Lock
        ? $"\tmd_locking(c, {slice.DowncallNames[slice.DowncallOf(pair.Release)]}, {LockOf(pair)});\n\tif (md_call_bad(c))\n\t\treturn 0;\n"
        : $"\tmd_acquiring(c, {slice.DowncallNames[slice.DowncallOf(pair.Release)]}, {KeysOf(pair, 3)});\n\tif (md_call_bad(c))\n\t\treturn 0;\n";

    private static string KeysOf(PairRule pair, int count) =>
        string.Join(", ", Enumerable.Range(0, count).Select(i => i < pair.Keys.Length ? $"md_value({pair.Keys[i]})" : "0"));

    private static string Acquired(Slice slice, PairRule pair)
    {
        var release = slice.DowncallOf(pair.Release);
        if (release < 0)
        {
            throw new InvalidOperationException($"plan: {pair.Acquire} is tracked, but its release {pair.Release} is not a downcall");
        }

        var condition = pair.Success switch
        {
            "zero" => "\tif (!r)\n\t",
            "nonnull" => "\tif (!IS_ERR_OR_NULL((const void __force *)r))\n\t",
            "nonnegative" => "\tif (r >= 0)\n\t",
            "nonzero" => "\tif (r)\n\t",
            "mapped" => "\tif (r != DMA_MAPPING_ERROR)\n\t",
            "always" => "",
            _ => throw new InvalidOperationException($"plan: success rule '{pair.Success}' of {pair.Acquire}"),
        };
        if (pair.Lock)
            return $"{condition}\tmd_locked(c, {slice.DowncallNames[release]}, {LockOf(pair)});\n";
        return pair.Passing
            ? $"{condition}\tmd_holds(c, {slice.DowncallNames[release]}, {pair.Keys.Length}, (const u64[]){{ {KeysOf(pair, pair.Keys.Length)} }});\n"
            : $"{condition}\tmd_acquired(c, {slice.DowncallNames[release]}, {KeysOf(pair, 3)});\n";
    }

    private static string Result(Slice slice, DownResult result)
    {
        var size = result.Size ?? "0";
        var flags = (result.Zeroed, result.Coherent) switch
        {
            (true, true) => "MD_ALLOC_ZEROED | MD_ALLOC_COHERENT",
            (true, false) => "MD_ALLOC_ZEROED",
            (false, true) => "MD_ALLOC_COHERENT",
            _ => "0",
        };
        var device = result.Device ?? "NULL";
        return result.Kind switch
        {
            DownResultKind.Void => "0",
            DownResultKind.Scalar when result.CType.IsPointer => "md_value(r)",
            DownResultKind.Scalar => "r",
            DownResultKind.Object => $"md_result_object(c, r, {slice.Type(result.Type)})",
            DownResultKind.Opaque when result.CType.IsPointer => "md_result_opaque(c, r)",
            DownResultKind.Opaque => "md_result_opaque(c, (void *)(unsigned long)r)",
            DownResultKind.String => "md_result_string(c, r)",
            DownResultKind.Mmio => $"md_result_mmio(c, r, {size}, {device})",
            DownResultKind.Allocation when result.Type >= 0 => $"md_result_alloc_typed(c, r, {size}, {slice.Type(result.Type)}, {flags}, {device})",
            DownResultKind.Allocation => $"md_result_alloc(c, r, {size}, {flags}, {device})",
            _ => throw new InvalidOperationException($"result kind {result.Kind}"),
        };
    }

    private static string Late(Slice slice, int id, Downcall downcall, LateRule late)
    {
        var ended = downcall.Frees;
        var type = CText.AsParameter(downcall.Parameters[ended].CType);
        return $$"""
            static bool {{LateOf(slice, id)}}(const u64 *key, bool put)
            {
            	{{CText.Declare(type, $"a{ended}")}} = (void *)(unsigned long)key[{{ended}}];

            	if (!put)
            		return {{late.If}};
            	{{(late.First is null ? "" : $"(void)({late.First});\n\t")}}return true;
            }


            """;
    }

    /// <summary>For the undo log: the release with its logged arguments.</summary>
    private static string Undo(Slice slice, int id, Downcall downcall)
    {
        if (downcall.Parameters.Length > 6)
        {
            throw new InvalidOperationException($"plan: {downcall.Name} releases, but takes more than the six arguments that the log keeps");
        }

        var arguments = downcall.Parameters.Select((parameter, i) => parameter.CType.IsPointer ? $"(void *)(unsigned long)key[{i}]" : $"key[{i}]");
        var frees = downcall.Frees >= 0 ? $"\tmd_release(c, (void *)(unsigned long)key[{downcall.Frees}]);\n\tif (md_call_bad(c))\n\t\treturn;\n" : "";
        return $$"""
            static void {{UndoOf(slice, id)}}(struct md_call *c, const u64 *key)
            {
            {{frees}}	{{downcall.Name}}({{string.Join(", ", arguments)}});
            }


            """;
    }
}
