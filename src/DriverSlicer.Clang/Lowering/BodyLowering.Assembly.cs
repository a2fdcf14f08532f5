// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Clang.Native;
using DriverSlicer.Model;
using static DriverSlicer.Clang.Native.LibClang;

namespace DriverSlicer.Clang.Lowering;

internal sealed partial class BodyLowering
{
    // libclang shows the operands (outputs first, then inputs) but neither the template nor the constraints: those are read from
    // the text where the statement is spelled, which may be a macro's definition.
    private void Assembly(CXCursor cursor)
    {
        var text = AsmText.Parse(context.Unit.SpellingText(clang_getCursorLocation(cursor)));
        var operands = cursor.Children().Where(c => c.IsExpression() && c.Kind != CursorKind.AddrLabelExpr).ToArray();
        var outputs = new List<(Target Target, CXCursor Cursor)>();
        var inputs = new List<Value>();
        for (var i = 0; i < operands.Length; i++)
        {
            var operand = operands[i];
            // Memory operands stay lvalues in the AST; what is loaded into a register first is wrapped in a conversion.
            var isMemory = Location(StripParens(operand)) && operand.Kind != CursorKind.UnexposedExpr && !operand.Type().IsFunction();
            if (i < text.Outputs.Length || isMemory)
            {
                var target = TargetOf(operand);
                var mode = i < text.Outputs.Length ? OutputMode(text.Outputs[i])
                    : AccessMode.Read | (text.MayWrite(i) ? AccessMode.Write : AccessMode.None);
                Touch(operand, target, mode);
                if (i < text.Outputs.Length || !text.Known)
                    outputs.Add((target, operand));
            }
            else
            {
                inputs.Add(Evaluate(operand));
            }
        }

        // A pointer that goes in may come out: RELOC_HIDE and the per-CPU accessors pass it through a register.
        foreach (var (target, operand) in outputs)
        {
            foreach (var value in inputs.Where(v => v.Node != null && v.Node.Kind != NodeKind.Constant))
            {
                if (!target.Type.IsPointer() && types.Of(target.Type).Size != 8)
                    continue;
                Move(operand, value with { Offset = null }, target.Content, types.Of(target.Type));
                var variable = StripParens(operand);
                if (variable.Kind == CursorKind.DeclRefExpr)
                    carriers.Add(variable.Referenced().Data0);
            }
        }

        foreach (var value in inputs.Where(v => v.Address != null))
            Touch(cursor, value.Address!, AccessMode.Address);
        var (location, macro) = At(cursor);
        facts.Add(new AsmFact(location, macro, text.Template, text.IsGoto));
    }

    // A memory output may be read as well, whatever its constraint says: bit operations do.
    private static AccessMode OutputMode(string constraint) =>
        constraint.StartsWith('=') && !constraint.Contains('m') ? AccessMode.Write : AccessMode.Read | AccessMode.Write;
}
