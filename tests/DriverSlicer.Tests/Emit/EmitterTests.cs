// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DriverSlicer.Emit;
using DriverSlicer.Model;
using Xunit;

namespace DriverSlicer.Tests.Emit;

public sealed class EmitterTests
{
    [Theory]
    [InlineData("counter")]
    [InlineData("twofiles")]
    [InlineData("gate")]
    public void Output_is_the_reviewed_one(string name) =>
        Golden.Check(Path.Combine(Plans.Folder(name), "expected"), Emitted(name).Select(file => (file.Path, file.Text)));

    [Fact]
    public void A_golden_folder_tells_every_kind_of_difference()
    {
        var folder = Directory.CreateTempSubdirectory("golden").FullName;
        File.WriteAllText(Path.Combine(folder, "changed"), "one\ntwo\n");
        File.WriteAllText(Path.Combine(folder, "gone"), "");

        var differences = Golden.Differences(folder, new Dictionary<string, string> { ["changed"] = "one\nthree\n", ["new"] = "" });

        Assert.Equal("changed:2:\n  - two\n  + three\ngone: no longer made\nnew: not expected\n", differences);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Equal_plans_give_equal_bytes() => Assert.Equal(Emitted("counter"), Emitted("counter"));

    [Fact]
    public void Both_halves_carry_the_same_slice_id()
    {
        var files = Emitted("counter");
        Assert.Equal(SliceIdIn(files, "kernel/md_counter_tables.c"), SliceIdIn(files, "user/md_tables.c"));
    }

    [Fact]
    public void Any_change_of_the_plan_changes_the_slice_id()
    {
        var plan = Plans.Counter();
        var upcalls = plan.Upcalls.SetItem(0, plan.Upcalls[0] with { OnDeath = DeathRule.Retry });
        var other = Emitter.Emit(plan with { Upcalls = upcalls }, Plans.Shims);
        Assert.NotEqual(SliceIdIn(Emitted("counter"), "user/md_tables.c"), SliceIdIn(other, "user/md_tables.c"));
    }

    [Fact]
    public void Each_half_has_its_own_text_of_files_above_the_drivers_folder()
    {
        var plan = Plans.Counter();
        var unit = plan.Model.Files[0];
        var above = plan with
        {
            Model = plan.Model with { Files = plan.Model.Files.SetItem(0, unit with { Included = [.. unit.Included, new IncludedFile("../shared.h", "/* one */\n"), new IncludedFile("../../all.h", "/* two */\n")] }) },
        };

        var files = Emitter.Emit(above, Plans.Shims);

        Assert.DoesNotContain(files, file => file.Path.Contains("..", StringComparison.Ordinal));
        Assert.All(["kernel", "user"], half => Assert.All(
            ["md_up1/shared.h", "md_up1/in/md_here.h", "md_up2/all.h", "md_up2/in/in/md_here.h"], path => Assert.Contains(files, file => file.Path == $"{half}/{path}")));
        Assert.Contains("-I$(src)/md_up1/in -I$(src)/md_up2/in/in", files.Single(file => file.Path == "kernel/Kbuild").Text);
        Assert.Contains("MD_UNIT_FLAGS += -I$(CURDIR)/md_up2/in/in\n", files.Single(file => file.Path == "user/Makefile").Text);
    }

    [Fact]
    public void What_only_has_a_name_in_the_user_half_traps()
    {
        var text = Emitter.Emit(Plans.Counter() with { OnlyLinked = ["seq_open"] }, Plans.Shims).Single(file => file.Path == "user/md_downcalls.S").Text;
        Assert.Contains("\ttrap\tseq_open\n", text);
        Assert.Contains("\tud2\n", text);
    }

    [Theory]
    [InlineData("kernel/counter_k.c", 3)]
    [InlineData("user/counter.c", 0)]
    public void A_unit_keeps_its_line_numbers(string path, int head)
    {
        var original = File.ReadAllLines(Path.Combine(Plans.Folder("counter"), "driver", "counter.c"));
        var made = Emitted("counter").Single(file => file.Path == path).Text.Split('\n');
        for (var line = 0; line < original.Length; line++)
        {
            // Lines of the file's outermost level that no half replaces.
            if (Regex.IsMatch(original[line], @"^(static (?!void counter_reset|u32 counter_read)|module_|MODULE_|const|struct|#(include|define COUNTER|ifdef|endif))")
                && !(path[0] == 'u' && Regex.IsMatch(original[line], "counter_(tick|check)")) && !original[line].Contains("counter_busy"))
            {
                Assert.Equal(original[line], made[line + head]);
            }
        }
    }

    [Fact]
    public void Preprocessor_lines_of_a_removed_function_stay()
    {
        var kernel = Emitted("counter").Single(file => file.Path == "kernel/counter_k.c").Text;
        Assert.Contains("\n#define COUNTER_ZERO 0\n", kernel);
        Assert.Contains("\n#ifdef DEBUG\n\n#endif\n", kernel);
        Assert.DoesNotContain("not a directive", kernel);
        Assert.DoesNotContain("ZERO;", kernel);
        Assert.Equal(2, kernel.Split("counter_reset").Length);
    }

    [Theory]
    [InlineData("irq.c", "card_irq", 8)]
    [InlineData("main.c", "card_xmit", 16)]
    public void A_renamed_entry_keeps_its_name_and_its_lines(string unit, string name, int line)
    {
        var original = File.ReadAllLines(Path.Combine(Plans.Folder("gate"), "driver", unit));
        var made = Emitted("gate").Single(file => file.Path == "kernel/" + unit).Text.Split('\n');
        var at = Array.FindIndex(made, text => text == $"#define __func__ \"{name}\"");
        Assert.Equal([$"#line {line} \"{unit}\"", original[line - 1]], made[(at + 2)..(at + 4)]);

        var end = Array.IndexOf(made, "#undef __func__", at) + 1;
        var last = int.Parse(Regex.Match(made[end], @"#line (\d+)").Groups[1].Value);
        Assert.Equal(("}", ""), (original[last - 1], made[end + 1]));
        Assert.Equal(original[last], made[end + 2]);
    }

    [Theory]
    [InlineData("counter_open", "int, md_error, md_value(c), md_value(at)")]
    [InlineData("counter_busy", "unsigned char, false, md_value(c)")]
    [InlineData("counter_poll", "unsigned int, 0, md_value(c), md_value(mask)")]
    [InlineData("counter_name", "void *, NULL, md_value(c)")]
    [InlineData("counter_init", "int, md_error")]
    public void A_stub_fails_in_the_way_its_type_can_say(string function, string expected) => Assert.Contains(
        $"return MD_UPCALL(MD_PLAN_{function}, {expected});", Emitted("counter").Single(file => file.Path == "kernel/counter_k.c").Text);

    [Fact]
    public void A_slice_may_have_another_name()
    {
        var files = Emitter.Emit(Plans.Counter(), Plans.Shims, "other");
        Assert.Contains(files, file => file.Path == "kernel/counter.c");
        Assert.Contains("obj-m := other.o\nother-y := counter.o md_other_tables.o\n", files.Single(file => file.Path == "kernel/Kbuild").Text);
    }

    internal static ImmutableArray<OutputFile> Emitted(string name) =>
        Emitter.Emit(name switch { "counter" => Plans.Counter(), "gate" => GatePlan.Card(), _ => Plans.TwoFiles() }, Plans.Shims);

    private static string SliceIdIn(ImmutableArray<OutputFile> files, string path) =>
        Regex.Match(files.Single(file => file.Path == path).Text, @"\.slice_id = \{ (.*) \}").Groups[1].Value;
}
