// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Analysis.FieldAccess;
using DriverSlicer.Model;

namespace DriverSlicer.Analysis.Plan;

/// <summary>Statements of one driver function that cannot run in the user half, whatever surrounds them.</summary>
internal static class BodyProblems
{
    public static IEnumerable<Problem> Of(UserHalf half, Function function)
    {
        foreach (var fact in function.Facts)
        {
            Problem Report(Trouble trouble, string message) => new(trouble, function.Id, fact.Location, message);
            switch (fact)
            {
                case Unsupported unsupported:
                    yield return Report(Trouble.Unsupported, $"{unsupported.What} is not understood");
                    break;
                case AsmFact asm when !Inlines.IsHarmless(asm):
                    yield return Report(Trouble.Assembly, asm.Macro is { } macro ? $"macro {macro} is inline assembly" : "inline assembly");
                    break;
                case Flow { From.Kind: NodeKind.FunctionAddress } flow when half.Graph.Function(flow.From.Owner) is { Origin: FunctionOrigin.HeaderInline } inline:
                    yield return Report(Trouble.UnknownCallee, $"the address of {inline.Name}, an inline function, is not the same in both halves");
                    break;
                case Call call:
                    if (!half.Callees(call).Any() && !half.Ground.IsNeverSet(call))
                        yield return Report(Trouble.UnknownCallee, "a call through a pointer that the driver does not set");
                    foreach (var callee in half.Callees(call))
                        if (half.Rule(callee).Pin is { } why)
                            yield return Report(Trouble.Ruled, $"it calls {callee.Name}: {why}");
                    break;
            }
        }
    }
}
