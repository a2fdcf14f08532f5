// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;
using static DriverSlicer.Tests.Emit.DriverText;
using Half = DriverSlicer.Model.Half;

namespace DriverSlicer.Tests.Emit;

/// <summary>A driver with everything that the gate and deferral ask of the emitter: an entry of two files, every kind of contended action, two deferred entries.</summary>
internal static class GatePlan
{
    private static readonly string[] Kernel = ["card_irq", "card_count", "card_kick", "card_xmit", "card_stats", "card_stats64", "card_settings", "card_tick"];

    public static SlicePlan Card()
    {
        var (card, dev) = (("card", C.PointerTo("card")), ("dev", C.PointerTo("net_device")));
        var text = new DriverText(Path.Combine(Plans.Folder("gate"), "driver"), "card", Plans.Kernel)
            .Unit("irq.c", "#include \"card.h\"", "card.h")
            .Unit("main.c", "#include \"card.h\"", "card.h")
            .DefinesCalling("card_count", "irq.c", "card_irq", new CType(CKind.Enum, 4, "enum irqreturn"), ("irq", C.Int), ("cookie", C.VoidPointer))
            .Defines("irq.c", "card_count", CType.Void, card)
            .DefinesCalling("card_irq", "irq.c", "card_kick", CType.Void, card)
            .Defines("main.c", "card_xmit", new CType(CKind.Enum, 4, "enum netdev_tx", IsSigned: true), ("skb", C.PointerTo("sk_buff")), dev)
            .DefinesCalling("card_irq", "main.c", "card_stats", C.PointerTo("net_device_stats"), dev)
            .DefinesCalling("card_irq", "main.c", "card_stats64", CType.Void, dev, ("stats", C.PointerTo("rtnl_link_stats64")))
            .DefinesCalling("card_irq", "main.c", "card_settings", C.Int, dev, ("priv", C.PointerTo("card_private")))
            .DefinesCalling("card_kick mutex_lock mutex_unlock request_irq", "main.c", "card_open", C.Int, dev)
            .DefinesCalling("free_irq", "main.c", "card_stop", C.Int, dev)
            .Defines("main.c", "card_timeout", CType.Void, dev, ("queue", C.UInt))
            .Defines("main.c", "card_rx_mode", CType.Void, dev)
            .Defines("main.c", "card_tick", CType.Void, ("t", C.PointerTo("timer_list")))
            .Table("main.c", "card_ops", "card_open", "card_stop", "card_xmit", "card_stats", "card_stats64", "card_timeout", "card_rx_mode")
            .Table("main.c", "card_settings_of", "card_settings")
            .Model();
        var model = text with { Functions = [.. text.Functions.Select(f => f.Name is "card_irq" or "card_kick" ? f with { IsStatic = false } : f)] };
        var device = new Pass(PassKind.Object, 8, 1);
        return new SlicePlan(
            model,
            [
                .. model.Functions.Select(f => new Placed(
                    f.Id, f.Name, Kernel.Contains(f.Name) ? Half.Kernel : Half.User, ExecContext.Process, "written so", [], f.Location)),
            ],
            [new LockAnswer("struct card.lock", LockChoice.Gate, "card_irq takes it in the kernel half, which waits outside the gate", ["card_irq", "card_stop"])],
            [new PlanType("c:@S@card", "struct card", 0, "irq.c", []), new PlanType("c:@S@net_device", "struct net_device", 0, "irq.c", []), new PlanType("c:@S@mutex", "struct mutex", 0, "irq.c", [])],
            [
                new PlanSymbol(Id("card_irq"), "card_irq", SymbolKind.Function, "irq.c", 0, -1),
                new PlanSymbol(Id("card_tick"), "card_tick", SymbolKind.Function, "main.c", 0, -1),
            ],
            [
                Upcall("card_open", new Pass(PassKind.Scalar, 4, -1), device), Upcall("card_stop", new Pass(PassKind.Scalar, 4, -1), device),
                Upcall("card_timeout", new Pass(PassKind.Void, 0, -1), device, new Pass(PassKind.Scalar, 4, -1)), Upcall("card_rx_mode", new Pass(PassKind.Void, 0, -1), device),
            ],
            [
                Down("card_kick", DowncallKind.Driver, "irq.c", CType.Void, Object("card", 0)) with { Locks = true },
                Down("free_irq", DowncallKind.Extern, "main.c", Name, Value(C.UInt), Cookie) with { Settles = true, Result = new DownResult(DownResultKind.Opaque, Name) },
                Down("mutex_lock", DowncallKind.Extern, "main.c", CType.Void, Object("mutex", 2)) with { Shipped = true },
                Down("mutex_trylock", DowncallKind.Extern, "main.c", C.Int, Object("mutex", 2)) with { Shipped = true },
                Down("mutex_unlock", DowncallKind.Extern, "main.c", CType.Void, Object("mutex", 2)) with { Shipped = true },
                Down("request_irq", DowncallKind.Inline, "main.c", C.Int, Value(C.UInt), new(DownParameterKind.Function, C.Callback("enum irqreturn (*)(int, void *)")), Value(C.ULong), new(DownParameterKind.StringKept, C.String), Cookie) with { Pure = true },
            ],
            [], [], [])
        {
            Gated =
            [
                Gated("card_irq", "irq.c", new ContendedAction("mask-irq", "md_gate_mask_irq(gate, a0)", "IRQ_HANDLED", false)),
                Gated("card_settings", "main.c", new ContendedAction("wait", null, null, true)),
                Gated("card_stats", "main.c", new ContendedAction("lockless", null, "&a0->stats", false)),
                Gated("card_stats64", "main.c", new ContendedAction("last-result", "md_gate_last(gate, a0, a1)", null, false)
                {
                    Before = "md_gate_keep(gate, a0, sizeof(*a1))", After = "md_gate_kept(kept, a1)",
                }),
                Gated("card_tick", "main.c", new ContendedAction("re-arm", "md_gate_rearm(gate, a0)", null, false)),
                Gated("card_xmit", "main.c", new ContendedAction("stop-queue", "md_gate_stop_queue(gate, a1, a0)", "NETDEV_TX_BUSY", false)) with { Excluded = true, Yields = true },
            ],
            Deferrals = [new Deferral(2, null, null, true), new Deferral(3, "netif_addr_lock_bh(a0)", "netif_addr_unlock_bh(a0)", false)],
        };
    }

    private static readonly CType Name = C.Pointer(new CType(CKind.Void, 0, "const void", IsConst: true));

    private static DownParameter Cookie => new(DownParameterKind.Opaque, C.VoidPointer);

    private static GatedEntry Gated(string name, string unit, ContendedAction action) => new(Id(name), name, unit, true, false, action);

    private static Upcall Upcall(string name, Pass result, params Pass[] parameters) => new(Id(name), name, "main.c", DeathRule.Fail, [.. parameters], result, [], []);

    private static Downcall Down(string name, DowncallKind kind, string unit, CType result, params DownParameter[] parameters) => new(
        Id(name), name, kind, unit, [.. parameters], result.Kind == CKind.Void ? new DownResult(DownResultKind.Void, result) : new DownResult(DownResultKind.Scalar, result),
        -1, [], false, false);

    private static DownParameter Object(string record, int type) => new(DownParameterKind.Object, C.PointerTo(record), type);

    private static DownParameter Value(CType type) => new(DownParameterKind.Scalar, type);
}
