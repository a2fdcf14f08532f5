// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Emit.Text;
using DriverSlicer.Model;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Emit;

/// <summary>What becomes of a function's text in one half.</summary>
internal enum Fate
{
    /// <summary>Stays as it is.</summary>
    Kept,

    /// <summary>Its body is replaced by a call over the cut.</summary>
    Stub,

    /// <summary>Only its address is wanted in this half: the body is replaced by a trap.</summary>
    Address,

    /// <summary>Only code that the compiler leaves out names it: the body is replaced by one that does not compile if that is wrong.</summary>
    Dead,

    /// <summary>Nothing in this half names it.</summary>
    Removed,
}

/// <summary>
/// The plan's decisions, turned to what each half's text needs. A kernel function that user code calls without a planned downcall is one of
/// those that exist in both halves (design section 2, last helpers rule).
/// </summary>
internal sealed class Cut
{
    private readonly ImmutableDictionary<string, Half> _halves;
    private readonly ImmutableHashSet<string> _localRecords;
    private readonly ImmutableHashSet<string> _inBoth;
    private readonly ImmutableHashSet<string> _namedByUser;
    private readonly ImmutableHashSet<string> _symbols;
    private readonly ImmutableHashSet<string> _mentionedInKernel;
    private readonly ImmutableHashSet<string> _mentionedInUser;

    public Cut(SlicePlan plan)
    {
        _halves = plan.Functions.ToImmutableDictionary(placed => placed.Function, placed => placed.Half);
        Upcalls = plan.Upcalls.Select((upcall, id) => (upcall.Function, id)).ToImmutableDictionary(pair => pair.Function, pair => pair.id);
        DriverDowncalls = plan.Downcalls.Select((downcall, id) => (downcall, id))
            .Where(pair => pair.downcall.Kind == DowncallKind.Driver)
            .ToImmutableDictionary(pair => pair.downcall.Function, pair => pair.id);
        var user = plan.Model.Functions.Where(function => function.Definition is not null).Select(function => function.Id).ToHashSet(StringComparer.Ordinal);
        if (plan.Upcalls.FirstOrDefault(upcall => !user.Contains(upcall.Function) || _halves.GetValueOrDefault(upcall.Function, Half.Kernel) != Half.User) is { } wrong)
        {
            throw new InvalidOperationException($"plan: entry point {wrong.Name} is not a function of the driver's text that lives in the user half");
        }

        Texts = [.. plan.Model.Functions.Where(function => function is { Origin: FunctionOrigin.Driver, Definition: not null, Body: not null })];
        _localRecords = LocalRecords(plan.Model);
        _inBoth = CalledFromUser();
        _namedByUser = NamedInUser(plan);
        _symbols = [.. plan.Symbols.Where(symbol => symbol.Kind == SymbolKind.Function).Select(symbol => symbol.Id)];
        _mentionedInKernel = _mentionedInUser = [];
        (_mentionedInKernel, _mentionedInUser) = (MentionedIn(plan, InKernel), MentionedIn(plan, InUser));
    }

    /// <summary>Plan id by function.</summary>
    public ImmutableDictionary<string, int> Upcalls { get; }

    /// <summary>Downcall id by function, for those that are the driver's own.</summary>
    public ImmutableDictionary<string, int> DriverDowncalls { get; }

    /// <summary>Functions of the driver with text of their own, in the model's order.</summary>
    public ImmutableArray<Function> Texts { get; }

    public Half HalfOf(Function function) => _halves.TryGetValue(function.Id, out var half)
        ? half
        : throw new InvalidOperationException($"plan: function {function.Name} of {function.Location} was not placed");

    /// <summary>A record that is declared inside a function: nothing outside can name it.</summary>
    public bool IsLocal(PlanType type) => _localRecords.Contains(type.Record);

    public Fate InKernel(Function function) => HalfOf(function) switch
    {
        Half.Kernel => Fate.Kept,
        _ when Upcalls.ContainsKey(function.Id) => Fate.Stub,
        _ when _symbols.Contains(function.Id) => Fate.Address,
        _ when function.IsStatic && _mentionedInKernel.Contains(function.Name) => Fate.Dead,
        _ => Fate.Removed,
    };

    public Fate InUser(Function function) => HalfOf(function) switch
    {
        Half.User => Fate.Kept,
        _ when DriverDowncalls.ContainsKey(function.Id) => Fate.Stub,
        _ when _inBoth.Contains(function.Id) => Fate.Kept,
        _ when _namedByUser.Contains(function.Id) => Fate.Address,
        _ when function.IsStatic && _mentionedInUser.Contains(function.Name) => Fate.Dead,
        _ => Fate.Removed,
    };

    private ImmutableHashSet<string> LocalRecords(DriverModel model)
    {
        var texts = model.Files.SelectMany(file => file.Included.Select(included => (included.Path, included.Text)).Prepend((file.Path, file.Text)))
            .DistinctBy(file => file.Item1).ToDictionary(file => file.Item1, file => new SourceEdits(file.Item1, file.Item2), StringComparer.Ordinal);
        return
        [
            .. model.Records.Where(record => texts.TryGetValue(record.Location.File, out var text)
                && text.OffsetOf(record.Location.Line, record.Location.Column) is var at
                && Texts.Any(function => function.Body!.File == record.Location.File && function.Body.Start < at && at < function.Body.End))
                .Select(record => record.Id),
        ];
    }

    /// <summary>Kernel functions that user code calls directly, and those that they call in turn, down to planned downcalls.</summary>
    private ImmutableHashSet<string> CalledFromUser()
    {
        var byId = Texts.ToDictionary(function => function.Id, StringComparer.Ordinal);
        var work = new Queue<Function>(Texts.Where(function => HalfOf(function) == Half.User));
        var both = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        while (work.TryDequeue(out var caller))
        {
            foreach (var call in caller.Facts.OfType<Call>())
            {
                if (call.Callee is { } id && byId.TryGetValue(id, out var callee) && HalfOf(callee) == Half.Kernel
                    && !DriverDowncalls.ContainsKey(id) && both.Add(id))
                {
                    work.Enqueue(callee);
                }
            }
        }

        return both.ToImmutable();
    }

    /// <summary>
    /// Functions whose address user code takes, or that an initialiser or module_init names: these stand in both halves.
    /// </summary>
    private ImmutableHashSet<string> NamedInUser(SlicePlan plan)
    {
        var names = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        names.UnionWith(plan.Symbols.Where(symbol => symbol.Kind == SymbolKind.Function).Select(symbol => symbol.Id));
        names.UnionWith(plan.Model.Globals.SelectMany(global => global.Initializer).Where(pointer => pointer.TargetIsFunction).Select(pointer => pointer.Target));
        names.UnionWith(plan.Model.Functions.SelectMany(function => function.Attributes).Where(attribute => attribute.StartsWith("alias:", StringComparison.Ordinal))
            .SelectMany(attribute => IdsOf(attribute["alias:".Length..])));
        // What a macro of the driver defines stands in both halves, wherever it runs.
        var macros = plan.Model.Functions.Where(function => function.Origin == FunctionOrigin.Macro).ToImmutableArray();
        names.UnionWith(macros.SelectMany(function => function.Facts.OfType<Call>()).Select(call => call.Callee).OfType<string>());
        foreach (var fact in Texts.Where(function => HalfOf(function) == Half.User || _inBoth.Contains(function.Id)).Concat(macros).SelectMany(function => function.Facts))
        {
            switch (fact)
            {
                case Flow { From.Kind: NodeKind.FunctionAddress } flow:
                    names.Add(flow.From.Owner);
                    break;
                case Call call:
                    names.UnionWith(call.Arguments.Where(argument => argument.Node is { Kind: NodeKind.FunctionAddress }).Select(argument => argument.Node!.Owner));
                    names.UnionWith(call.Arguments.Select(argument => argument.Function).OfType<string>().SelectMany(IdsOf));
                    break;
            }
        }

        return names.ToImmutable();
    }

    /// <summary>
    /// What is mentioned in a half by text that stays there. More than the model knows of: it holds no code that is never reached.
    /// </summary>
    private ImmutableHashSet<string> MentionedIn(SlicePlan plan, Func<Function, Fate> fateOf)
    {
        var texts = plan.Model.Files.SelectMany(file => file.Included.Select(included => (included.Path, included.Text)).Prepend((file.Path, file.Text)))
            .DistinctBy(file => file.Item1);
        var names = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var (path, text) in texts)
        {
            var edits = new SourceEdits(path, text);
            foreach (var function in Texts.Where(function => function.Definition!.File == path && fateOf(function) != Fate.Kept))
            {
                edits.Replace(function.Definition!, "");
            }

            names.UnionWith(Identifiers.In(edits.Apply()));
        }

        return names.ToImmutable();
    }

    private IEnumerable<string> IdsOf(string name) => Texts.Where(function => function.Name == name || function.Id == name).Select(function => function.Id);
}
