// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Analysis;
using DriverSlicer.Model;

namespace DriverSlicer.Tests.Plan;

/// <summary>The second opinion: a plan that leaves something out is found out, whatever it is.</summary>
public sealed class CheckTests
{
    private static readonly SmallSlice Sound = SmallSlice.Of("""
        struct core { int state; ulong flags; };
        struct own { struct core core; struct device *dev; struct plain pairs[3]; int low : 3; const char *label; struct own *next; };
        static int limit;
        static struct plain both;
        static void helper(struct core *c) { c->state = 3; bump(&c->state); }
        static int open(struct device *d)
        {
            struct own *o = get_data(d), other;
            helper(&o->core);
            o->pairs[d->id].a = limit;
            o->next->core = o->core;
            o->dev = o->next->dev->parent;
            o->low = both.a;
            both.b = 1;
            other.core.state = 3;
            return other.core.state;
        }
        const struct kops ops = { .open = open };
        """);

    public static TheoryData<int, int, bool> EveryDirection
    {
        get
        {
            var data = new TheoryData<int, int, bool>();
            var upcall = Sound.Upcall();
            for (var v = 0; v < upcall.Visits.Length; v++)
                for (var f = 0; f < upcall.Visits[v].Fields.Length; f++)
                    foreach (var isIn in new[] { true, false })
                        if (upcall.Visits[v].Fields[f] is var row && row.Kind != FieldKind.Embed && (isIn ? row.In : row.Out))
                            data.Add(v, f, isIn);
            return data;
        }
    }

    [Fact]
    public void A_sound_plan_passes()
    {
        Assert.Empty(SliceChecks.Run(Sound.Plan, Sound.Specs));
        Assert.True(EveryDirection.Count >= 12);
    }

    [Theory]
    [MemberData(nameof(EveryDirection))]
    public void Taking_one_direction_from_one_row_is_noticed(int visit, int field, bool isIn)
    {
        var upcall = Sound.Upcall();
        var row = upcall.Visits[visit].Fields[field];
        var changed = isIn ? row with { In = false } : row with { Out = false };
        var visits = upcall.Visits.SetItem(visit, upcall.Visits[visit] with { Fields = upcall.Visits[visit].Fields.SetItem(field, changed) });

        var found = SliceChecks.Run(Sound.Plan with { Upcalls = [upcall with { Visits = visits }] }, Sound.Specs);

        Assert.Contains(found, d => d is { Id: "DS0590", Severity: Severity.Error });
    }

    [Fact]
    public void Taking_away_a_whole_record_or_variable_is_noticed()
    {
        var upcall = Sound.Upcall();
        Assert.NotEmpty(SliceChecks.Run(Sound.Plan with { Upcalls = [upcall with { Visits = upcall.Visits.RemoveAt(1) }] }, Sound.Specs));
        Assert.NotEmpty(SliceChecks.Run(Sound.Plan with { Upcalls = [upcall with { Globals = [] }] }, Sound.Specs));
    }

    [Fact]
    public void Shifted_rows_wrong_types_and_pointers_as_bytes_are_noticed()
    {
        Assert.NotEmpty(With(f => f with { Offset = f.Offset + 1 }));
        Assert.NotEmpty(With(f => f.Type >= 0 ? f with { Type = 99 } : f));
        Assert.NotEmpty(With(f => f.Kind == FieldKind.Ptr ? f with { Kind = FieldKind.Bytes } : f));
        Assert.NotEmpty(With(f => f with { Count = 1000 }));
        Assert.NotEmpty(SliceChecks.Run(Sound.Plan with { Functions = [.. Sound.Plan.Functions.Select(p => p with { Half = DriverSlicer.Model.Half.Kernel })] }, Sound.Specs));
    }

    private static ImmutableArray<Diagnostic> With(Func<FieldPlan, FieldPlan> change)
    {
        var upcall = Sound.Upcall();
        var visits = upcall.Visits.Select(v => v with { Fields = [.. v.Fields.Select(change)] });
        return SliceChecks.Run(Sound.Plan with { Upcalls = [upcall with { Visits = [.. visits] }] }, Sound.Specs);
    }
}
