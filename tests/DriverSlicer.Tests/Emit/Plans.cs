// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;
using static DriverSlicer.Tests.Emit.DriverText;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Tests.Emit;

/// <summary>Plans written by hand for the small drivers of tests/cases/emit.</summary>
internal static class Plans
{
    public const string Kernel = "6.1.0-56-amd64";

    public static readonly ImmutableArray<MacroShim> Shims =
    [
        new("INIT_WORK", "void md_m_INIT_WORK(struct work_struct *a0, void (*a1)(struct work_struct *))", []),
    ];

    public static string Folder(string name) => Path.Combine(Checkout.Root, "tests", "cases", "emit", name);

    /// <summary>One of everything that can cross.</summary>
    public static SlicePlan Counter()
    {
        const string Unit = "counter.c";
        var c = ("c", C.PointerTo("counter"));
        var model = new DriverText(Path.Combine(Folder("counter"), "driver"), "counter", Kernel)
            .Unit(Unit, "#include <linux/workqueue.h>")
            .Defines(Unit, "counter_read", C.UInt, c)
            .Defines(Unit, "counter_tick", CType.Void, c)
            .Defines(Unit, "counter_settle", C.Int, c, ("ms", C.UInt))
            .Defines(Unit, "counter_say", CType.Void, c, ("format", C.String))
            .Defines(Unit, "counter_dead", CType.Void, c)
            .Defines(Unit, "counter_check", CType.Void, c)
            .Defines(Unit, "counter_reset", CType.Void, c)
            .DefinesCalling("counter_settle", Unit, "counter_work", CType.Void, ("work", C.PointerTo("work_struct")))
            .DefinesCalling("counter_reset counter_settle counter_say ioremap", Unit, "counter_open", C.Int, c, ("at", C.ULongLong))
            .Defines(Unit, "counter_busy", C.Bool, c)
            .DefinesCalling("counter_read", Unit, "counter_poll", C.UInt, c, ("mask", C.Int))
            .DefinesCalling("dev_name", Unit, "counter_name", C.String, c)
            .Defines(Unit, "counter_close", CType.Void, c)
            .Defines(Unit, "counter_suspend", C.Int, c, ("state", C.Struct("pm_message", 4)))
            .Static(Unit, "counter_open", "opens", C.Int)
            .Static(Unit, "counter_open", "limits", new CType(CKind.Array, 8, "int[2]", Element: C.Int, Count: 2))
            .Static(Unit, "counter_open", "limit", C.Struct("limit", 4))
            .DefinesCalling("kzalloc", Unit, "counter_init", C.Int)
            .Defines(Unit, "counter_exit", CType.Void)
            .Declares("init_module")
            .Declares("cleanup_module")
            .Table(Unit, "counter_ops", "counter_open", "counter_busy", "counter_poll", "counter_name", "counter_close", "counter_suspend", "counter_tick")
            .Model();
        var counter = new Pass(PassKind.Object, 8, 0);
        var value = new FieldPlan("value", 16, 4, 1, 4, FieldKind.Bytes, -1, true, false);
        var device = new FieldPlan("dev", 0, 8, 1, 8, FieldKind.Ptr, 1, true, false);
        var registers = new FieldPlan("base", 8, 8, 1, 8, FieldKind.PtrOpaque, -1, true, true);
        var log = new FieldPlan("log", 56, 1, 16, 1, FieldKind.Bytes, -1, false, true);
        return new SlicePlan(
            model,
            Placed(model, "counter_read", "counter_tick", "counter_settle", "counter_say", "counter_check"),
            [],
            [
                new PlanType("c:@S@counter", "struct counter", 72, Unit, [new Embed(24, 2)]),
                new PlanType("c:@S@device", "struct device", 752, Unit, []),
                new PlanType("c:@S@work_struct", "struct work_struct", 32, Unit, []),
            ],
            [
                new PlanSymbol(Id("step"), "step", SymbolKind.Data, Unit, 4, -1),
                new PlanSymbol(Id("counter_tick"), "counter_tick", SymbolKind.Function, Unit, 0, -1),
                new PlanSymbol(Id("counter_work"), "counter_work", SymbolKind.Function, Unit, 0, -1),
                new PlanSymbol(Id("opens"), "opens", SymbolKind.Data, Unit, 4, -1),
                new PlanSymbol(Id("limits"), "limits", SymbolKind.Data, Unit, 8, -1),
                new PlanSymbol(Id("limit"), "limit", SymbolKind.Const, Unit, 4, -1),
                new PlanSymbol(Id("counter_ops"), "counter_ops", SymbolKind.Const, Unit, 56, -1),
                new PlanSymbol(Id("the_counter"), "the_counter", SymbolKind.Data, Unit, 8, -1),
            ],
            [
                Upcall("counter_work", DeathRule.Fail, Void, [new Pass(PassKind.Object, 8, 2)],
                    [new Visit(2, [], [new Derived(-24, 0)]), new Visit(0, [log], [])]),
                Upcall("counter_open", DeathRule.Fail, Scalar(4), [counter, Scalar(8)],
                    [new Visit(0, [device, registers, value with { Out = true }, Bits(), new("work", 24, 32, 1, 32, FieldKind.Embed, 2, true, false), log with { In = true }], [])],
                    new GlobalUse(3, [new FieldPlan("", 0, 4, 1, 4, FieldKind.Bytes, -1, true, true)])),
                Upcall("counter_suspend", DeathRule.Fail, Scalar(4), [counter, Scalar(4)], []),
                Upcall("counter_busy", DeathRule.Retry, Scalar(1), [counter], [new Visit(0, [value], [])]),
                Upcall("counter_poll", DeathRule.Retry, Scalar(4), [counter, Scalar(4)], [new Visit(0, [value], [])],
                    new GlobalUse(0, [new FieldPlan("", 0, 4, 1, 4, FieldKind.Bytes, -1, true, false)])),
                Upcall("counter_name", DeathRule.Retry, new Pass(PassKind.String, 8, -1), [counter], [new Visit(0, [device], [])]),
                Upcall("counter_close", DeathRule.Undo, Void, [counter], [new Visit(0, [device, registers], [])]),
                Upcall("counter_init", DeathRule.Fail, Scalar(4), [], [],
                    new GlobalUse(7, [new FieldPlan("", 0, 8, 1, 8, FieldKind.Ptr, 0, true, true)])),
                Upcall("counter_exit", DeathRule.Undo, Void, [], [],
                    new GlobalUse(7, [new FieldPlan("", 0, 8, 1, 8, FieldKind.Ptr, 0, true, false)])),
            ],
            [
                Down("INIT_WORK", DowncallKind.Macro, Nothing, [Object("work_struct", 2), new(DownParameterKind.Function, C.Callback("void (*)(struct work_struct *)"))]),
                Down("_dev_err", DowncallKind.Extern, Nothing, [Object("device", 1), new(DownParameterKind.Format, C.String)]) with { Variadic = true },
                Down("counter_say", DowncallKind.Driver, Nothing, [Object("counter", 0), new(DownParameterKind.Format, C.String)]) with { Variadic = true },
                Down("counter_settle", DowncallKind.Driver, new(DownResultKind.Scalar, C.Int), [Object("counter", 0), Value(C.UInt)]),
                Down("dev_name", DowncallKind.Inline, new(DownResultKind.String, C.String), [Object("device", 1)]),
                Down("device_property_read_u8_array", DowncallKind.Extern, new(DownResultKind.Scalar, C.Int),
                    [Object("device", 1), new(DownParameterKind.StringKept, C.String),
                     new(DownParameterKind.Buffer, C.Pointer(new CType(CKind.Char, 1, "unsigned char")), -1, "a3", false, true), Value(C.ULong)]),
                Down("get_device", DowncallKind.Extern, new(DownResultKind.Object, C.PointerTo("device"), 1), [Object("device", 1)])
                    with { Acquires = [new PairRule("get_device", "nonnull", "put_device", ["a0"])] },
                Down("ioremap", DowncallKind.Extern, new(DownResultKind.Mmio, C.VoidPointer, -1, "a1"), [Value(C.ULongLong), Value(C.ULong)])
                    with { Acquires = [new PairRule("ioremap", "nonnull", "iounmap", ["r"])] },
                Down("iounmap", DowncallKind.Extern, Nothing, [new(DownParameterKind.Opaque, C.Pointer(new CType(CKind.Void, 0, "volatile void")))])
                    with { Frees = 0, IsRelease = true },
                Down("kfree", DowncallKind.Extern, Nothing, [new(DownParameterKind.Opaque, C.Pointer(new CType(CKind.Void, 0, "const void")))]) with { Frees = 0 },
                Down("kzalloc", DowncallKind.Inline, new(DownResultKind.Allocation, C.VoidPointer, -1, "a0", true), [Value(C.ULong), Value(C.UInt)]),
                Down("put_device", DowncallKind.Extern, Nothing, [Object("device", 1)]) with { IsRelease = true },
            ],
            [new AllocationSite(Unit, 161, 10, 0)],
            [new BothWritten("struct counter", "value", ["counter_reset"], ["counter_tick"])],
            []);

        Upcall Upcall(string name, DeathRule onDeath, Pass result, ImmutableArray<Pass> parameters, ImmutableArray<Visit> visits, params GlobalUse[] globals) =>
            new(Id(name), name, Unit, onDeath, parameters, result, visits, [.. globals]);
        Downcall Down(string name, DowncallKind kind, DownResult result, ImmutableArray<DownParameter> parameters) =>
            new(Id(name), name, kind, Unit, parameters, result, -1, [], false, false);
        FieldPlan Bits() => new("limit", 20, 4, 1, 4, FieldKind.Bits, -1, true, true);
    }

    /// <summary>Two units, a header and an included .c file with functions of both halves, no init, a name with a hyphen.</summary>
    public static SlicePlan TwoFiles()
    {
        var s = ("s", C.PointerTo("shared"));
        var model = new DriverText(Path.Combine(Folder("twofiles"), "driver"), "two-files", Kernel) { ExtraFlags = ["-DSTEP=2", "-DTITLE=\"two files\""] }
            .Unit("first.c", "#include \"shared.h\"", "shared.h")
            .Unit("second.c", "#include \"shared.h\"", "shared.h", "table.c")
            .DefinesCalling("shared_lock second_start", "first.c", "first_start", C.Int, s)
            .DefinesCallingIn("cpu_to_node", "first.c", "shared.h", "shared_cpu", C.Int, s)
            .DefinesIn("first.c", "shared.h", "shared_lock", C.Bool, s)
            .DefinesCalling("table_entry", "second.c", "second_start", C.Int, s)
            .DefinesIn("second.c", "table.c", "table_entry", C.Int, ("i", C.Int))
            .Model();
        return new SlicePlan(
            model,
            Placed(model, "shared_lock", "second_start"),
            [],
            [new PlanType("c:@S@shared", "struct shared", 16, "first.c", [])],
            [],
            [
                new Upcall(Id("first_start"), "first_start", "first.c", DeathRule.Fail, [new Pass(PassKind.Object, 8, 0)], Scalar(4), [], []),
                new Upcall(Id("table_entry"), "table_entry", "second.c", DeathRule.Retry, [Scalar(4)], Scalar(4), [], []),
            ],
            [
                new Downcall(Id("cpu_to_node"), "cpu_to_node", DowncallKind.Inline, "first.c", [Value(C.Int)], new(DownResultKind.Scalar, C.Int), -1, [], false, false) { Requires = "a0 >= 0" },
                new Downcall(Id("shared_lock"), "shared_lock", DowncallKind.Driver, "first.c", [Object("shared", 0)], new(DownResultKind.Scalar, C.Bool), -1, [], false, false),
                new Downcall(Id("second_start"), "second_start", DowncallKind.Driver, "second.c", [Object("shared", 0)], new(DownResultKind.Scalar, C.Int), -1, [], false, false),
            ],
            [], [], []);
    }

    private static readonly Pass Void = new(PassKind.Void, 0, -1);

    private static readonly DownResult Nothing = new(DownResultKind.Void, CType.Void);

    private static Pass Scalar(int size) => new(PassKind.Scalar, size, -1);

    private static DownParameter Object(string record, int type) => new(DownParameterKind.Object, C.PointerTo(record), type);

    private static DownParameter Value(CType type) => new(DownParameterKind.Scalar, type);

    private static ImmutableArray<Placed> Placed(DriverModel model, params string[] kernel) =>
    [
        .. model.Functions.Where(function => function.Origin == FunctionOrigin.Driver).Select(function => new Placed(
            function.Id, function.Name, kernel.Contains(function.Name) ? Half.Kernel : Half.User, ExecContext.Process,
            kernel.Contains(function.Name) ? "written so" : "may sleep", [], function.Location)),
    ];
}
