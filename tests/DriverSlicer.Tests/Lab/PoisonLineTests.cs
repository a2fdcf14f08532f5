// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Lab;

namespace DriverSlicer.Tests.Lab;

public class PoisonLineTests
{
    [Fact]
    public void A_violation_says_what_was_touched_and_from_where()
    {
        var line = PoisonLine.Parse("microdriver: card: poison: write of struct card_ring+0x2c (4 bytes) in card_open at 0x1234 0xff00");

        Assert.NotNull(line);
        Assert.True(line.Write && line.Reached && !line.Global);
        Assert.Equal(("struct card_ring", 0x2cL, 4L, "card_open"), (line.Of, line.Offset, line.Bytes, line.Entry));
        Assert.Equal([0x1234UL, 0xff00UL], line.Places);
    }

    [Fact]
    public void A_global_and_an_object_out_of_reach_are_told_apart()
    {
        var global = PoisonLine.Parse("microdriver: card: poison: read of global count+0x0 (8 bytes) in card_open at 0x10");
        var lost = PoisonLine.Parse("microdriver: card: poison: read of nothing known+0x0 (1 bytes, not reached) in card_open at");

        Assert.True(global is { Global: true, Of: "count", Write: false });
        Assert.True(lost is { Reached: false, Of: "nothing known" });
        Assert.Empty(lost.Places);
    }

    [Fact]
    public void Each_violation_counts_once_and_other_lines_not_at_all()
    {
        const string violation = "microdriver: card: poison: read of struct card+0x8 (1 bytes) in card_stop at 0x1";
        string[] console = ["[    1.0] " + violation, "[    2.0] " + violation, "[    3.0] microdriver: card: user half died in card_stop (pid 1), 4 restarts left"];

        Assert.Single(PoisonLine.Find(console));
    }

    [Fact]
    public void Source_lines_come_with_their_inlined_functions()
    {
        var lines = SourceLines.Parse("inner\n/k/include/linux/x.h:12\nouter\n/d/card.c:77 (discriminator 3)\n??\n??:0\nfar\n??:?\n");

        Assert.Equal(["x.h:12 (inner)", "card.c:77 (outer)", "??:0 (??)"], lines.Select(l => l.ToString()));
    }
}
