// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Emit.Text;
using Xunit;

namespace DriverSlicer.Tests.Emit;

/// <summary>What is left of a function that is taken out: its lines, and its conditionals whole.</summary>
public sealed class BlankTests
{
    [Theory]
    [InlineData("int f(void)\n{\n\treturn 0;\n}", "\n\n\n")]
    [InlineData("{\n#ifdef A\n\tx();\n#endif\n}", "\n#ifdef A\n\n#endif\n")]
    [InlineData("{\n#define A \\\n\tx()\n\ty();\n}", "\n#define A \\\n\tx()\n\n")]
    // A comment that a conditional opens ends lines later, and so does the conditional's own line.
    [InlineData("{\n#if 0 /* not\n * now\n */\n\tx();\n#endif\n}", "\n#if 0 /* not\n * now\n */\n\n#endif\n")]
    [InlineData("{\n\tx(); /* not\n#if 0\n */\n}", "\n\n\n\n")]
    public void Lines_and_conditionals_stay(string removed, string left) => Assert.Equal(left, Blank.Out(removed));
}
