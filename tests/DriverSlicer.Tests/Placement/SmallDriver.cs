// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Placement;

/// <summary>
/// A driver model built by hand. Ids are names; what is called but not defined becomes a kernel function. Records whose name begins
/// with "struct own" are the driver's.
/// </summary>
internal sealed class SmallDriver
{
    private static readonly CType Int = new(CKind.Int, 4, "int", IsSigned: true);

    private readonly List<Function> functions = [];
    private readonly List<Global> globals = [];
    private readonly Dictionary<string, CField[]> fields = [];
    private readonly Dictionary<string, Pin> pins = [];
    private readonly List<EntryRule> entries = [];
    private readonly List<FunctionRule> rules = [];
    private int line;

    public SliceAbilities Abilities { get; set; } = SliceAbilities.Design;

    public SmallDriver Function(string name, params Fact[] facts) => Add(name, FunctionOrigin.Driver, facts);

    public SmallDriver Takes(string name, params CType[] types)
    {
        var at = functions.FindIndex(f => f.Name == name);
        functions[at] = functions[at] with { Parameters = [.. types.Select(t => new Parameter("", t))] };
        return this;
    }

    /// <summary>static struct NAME *place = &amp;target</summary>
    public SmallDriver Variable(string name, string record = "", string field = "", string? target = null, CType? type = null)
    {
        globals.Add(new Global(
            name, name, "a.c", At(), type ?? Int, true, false, false, null, null, target is null ? [] : [new InitializerPointer(record, field, target, false, At())]));
        return this;
    }

    public SmallDriver Fields(string record, params CField[] members)
    {
        fields[record] = members;
        return this;
    }

    public SmallDriver Inline(string name, params Fact[] facts) => Add(name, FunctionOrigin.HeaderInline, facts);

    public SmallDriver Macro(string name, string macro, params Fact[] facts) => Add(name, FunctionOrigin.Macro, facts, macro);

    public SmallDriver Shim(string name) => Add("md_m_" + name, FunctionOrigin.MacroShim, []);

    /// <summary>A static table with one initialised member.</summary>
    public SmallDriver Table(string record, string field, string function)
    {
        globals.Add(new Global(
            $"table{++line}", $"table{line}", "a.c", At(), Int, true, false, true, null, null, [new InitializerPointer(record, field, function, true, At())]));
        return this;
    }

    public SmallDriver Export(string function)
    {
        globals.Add(new Global(
            $"export{++line}", "__addressable", "a.c", At(), Int, true, false, false, null, "EXPORT_SYMBOL_GPL",
            [new InitializerPointer("", "", function, true, At())]));
        return this;
    }

    public SmallDriver Rule(
        string key, ExecContext context, bool hot = false, bool deferrable = false, string? contended = "lockless", string? unlessCalls = null,
        DeferRule? defer = null, DeathRule onDeath = DeathRule.Fail)
    {
        entries.Add(new EntryRule(
            key, context, hot, deferrable, onDeath, contended, ImmutableSortedDictionary<int, string>.Empty, "test rule")
        {
            UnlessCalls = unlessCalls,
            Defer = defer,
        });
        return this;
    }

    /// <summary>A function of a sibling module: declared in the driver's own header.</summary>
    public SmallDriver Sibling(string name) => Add(name, FunctionOrigin.Extern, []);

    /// <summary>A root in one line: a table of the kernel's holds the function, and a rule says the context.</summary>
    public SmallDriver Entry(string function, ExecContext context, bool hot = false, bool deferrable = false, string? contended = "lockless") =>
        Table("struct kernel_ops", function, function).Rule($"struct kernel_ops.{function}", context, hot, deferrable, contended);

    /// <summary>A root that can be deferred; <paramref name="excludes"/> are functions in the same table.</summary>
    public SmallDriver Deferrable(string function, params string[] excludes) =>
        Table("struct kernel_ops", function, function).Rule(
            $"struct kernel_ops.{function}", ExecContext.SoftIrq, deferrable: true,
            defer: new DeferRule("hold(a0)", "unhold(a0)", [.. excludes.Select(e => "struct kernel_ops." + e)]));

    /// <summary>A kernel function that waits for entries, or ends them.</summary>
    public SmallDriver Settles(string function, bool ends)
    {
        rules.Add(FunctionRule.Named(function) with { Settles = true, Ends = ends });
        return this;
    }

    /// <summary>A kernel function that may sleep.</summary>
    public SmallDriver Blocks(string function)
    {
        rules.Add(FunctionRule.Named(function) with { Blocks = true });
        return this;
    }

    public SmallDriver Pinned(string function, string reason)
    {
        pins[function] = new Pin(function, reason, At(), "DS0500");
        return this;
    }

    public CallGraph Graph() => CallGraph.Build(Model());

    public PlacementResult Place() => DriverSlicer.Analysis.Placement.Choose(Graph(), Specs(), Abilities, pins.ToImmutableDictionary());

    public KernelSpecs Specs() => new([.. entries], [.. rules], Locks, [], [])
    {
        Contended = [new("mask-irq", "mask(gate, a0)", "1", false), new("stop-queue", "stop(gate, a0)", null, false), new("lockless", null, null, false), new("wait", null, null, true)],
    };

    public DriverModel Model()
    {
        var defined = functions.Select(f => f.Id).ToHashSet();
        var externs = functions.SelectMany(f => f.Facts).OfType<Call>().Select(c => c.Callee).OfType<string>().Distinct()
            .Where(id => !defined.Contains(id)).Order(StringComparer.Ordinal)
            .Select(id => Make(id, FunctionOrigin.Extern, [], null) with { Location = new Location("include/linux/kernel.h", 1, 1) });
        var records = functions.SelectMany(f => f.Facts).SelectMany(Nodes).Where(n => n.Kind is NodeKind.Field or NodeKind.FieldAddress).Select(n => n.Owner)
            .Concat(globals.SelectMany(g => g.Initializer).Select(p => p.Record)).Where(r => r.Length > 0).Distinct().Order(StringComparer.Ordinal)
            .Select(r => new CRecord(r, r, 8, false, true, r.StartsWith("struct own", StringComparison.Ordinal), [.. fields.GetValueOrDefault(r, [])], Location.None));
        return new DriverModel(DriverModel.CurrentSchema, "small", "6.1.0-test", [new SourceFile("a.c", "", [], 0, [])], [.. records], [.. functions, .. externs], [.. globals], []);
    }

    private static ImmutableArray<LockRule> Locks =>
    [
        new("mutex_lock", LockKind.Mutex, LockStep.Acquire, 0, false),
        new("mutex_unlock", LockKind.Mutex, LockStep.Release, 0, false),
        new("rcu_read_lock", LockKind.Rcu, LockStep.Acquire, -1, true),
        new("rcu_read_unlock", LockKind.Rcu, LockStep.Release, -1, true),
        new("spin_lock", LockKind.Spin, LockStep.Acquire, 0, true),
        new("spin_trylock", LockKind.Spin, LockStep.TryAcquire, 0, true),
        new("spin_unlock", LockKind.Spin, LockStep.Release, 0, true),
    ];

    private static IEnumerable<Node> Nodes(Fact fact) => fact switch
    {
        Flow flow => [flow.From, flow.To],
        Call call => call.Arguments.Select(a => a.Node).Append(call.Through).OfType<Node>(),
        _ => [],
    };

    private SmallDriver Add(string name, FunctionOrigin origin, Fact[] facts, string? macro = null)
    {
        functions.Add(Make(name, origin, facts, macro));
        return this;
    }

    private Function Make(string name, FunctionOrigin origin, Fact[] facts, string? macro)
    {
        var hasText = origin == FunctionOrigin.Driver;
        return new Function(
            name, name, origin, "a.c", At(), hasText ? new Extent("a.c", 0, 10) : null, hasText ? new Extent("a.c", 5, 10) : null,
            hasText ? 10 : 0, true, false, false, CType.Void, [], [], macro, [.. facts]);
    }

    private Location At() => new("a.c", ++line, 1);
}
