// SPDX-License-Identifier: GPL-2.0-only
using System.Text.Json;
using DriverSlicer.Analysis;
using DriverSlicer.Report;
using DriverSlicer.Tests.Plan;

namespace DriverSlicer.Tests.Report;

/// <summary>The data of the page, and that nothing in a driver's text can end it early.</summary>
public sealed class HtmlReportTests
{
    private const string Driver = """
        /* a comment with </script><script>alert(1)</script>, <!-- and {{data}} */
        static int inner(struct device *d) { get_device(d, d->parent); return d->id; }
        static int irq(struct device *d) { d->id = 3; return 0; }
        static int
        open(struct device *d)
        { /* </script> <!-- <script> {{style}} LINE PARAGRAPH */
            irq(d);
            return inner(d);
        }
        const struct kops ops = { .open = open, .irq = irq };
        """;

    private static readonly string Text = Driver.Replace("LINE", "\u2028", StringComparison.Ordinal).Replace("PARAGRAPH", "\u2029", StringComparison.Ordinal);

    [Fact]
    public void No_text_of_a_driver_ends_the_element_that_holds_it()
    {
        var data = Element(Page());
        Assert.DoesNotContain('<', data);
        Assert.DoesNotContain('\u2028', data);
        Assert.DoesNotContain('\u2029', data);
        Assert.Contains("\\u003c/script>\\u003cscript>alert(1)", data);
    }

    [Fact]
    public void The_text_comes_out_as_it_went_in()
    {
        using var data = Data();
        var file = data.RootElement.GetProperty("files")[0];
        Assert.Equal("d.c", file.GetProperty("path").GetString());
        Assert.Equal("#include <kernel.h>\n" + Text + "\n", file.GetProperty("text").GetString());
    }

    [Fact]
    public void A_page_opens_and_closes_as_many_scripts_as_it_has()
    {
        var page = Page();
        Assert.Equal(Count(page, "<script"), Count(page, "</script"));
        Assert.Equal(10, Count(page, "</script"));
        Assert.DoesNotContain("<!--", page);
        Assert.DoesNotContain("{{style}}", page.Replace(Element(page), "", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_in_a_page_names_another_place_to_fetch_from()
    {
        var page = Page();
        var own = page.Replace(Element(page), "", StringComparison.Ordinal).Replace("url(#", "", StringComparison.Ordinal);
        foreach (var fetch in new[] { " src=", "<link", "@import", "url(", "sourceMappingURL" })
            Assert.DoesNotContain(fetch, own, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_input_gives_the_same_bytes() => Assert.Equal(Page(), Page());

    [Fact]
    public void A_function_has_its_half_reason_lines_and_crossing()
    {
        using var data = Data();
        var open = Function(data, "open");
        Assert.Equal("user", open.GetProperty("half").GetString());
        Assert.NotEqual("", open.GetProperty("reason").GetString());
        Assert.Equal("process", open.GetProperty("contexts").GetString());
        Assert.Equal((5, 10), (open.GetProperty("first").GetInt32(), open.GetProperty("last").GetInt32()));
        Assert.False(open.TryGetProperty("toMove", out _));
        Assert.NotEqual("", Function(data, "irq").GetProperty("toMove").GetString());
        Assert.Equal(["open"], Function(data, "inner").GetProperty("entered").EnumerateArray().Select(e => e.GetString()!));
    }

    [Fact]
    public void An_upcall_has_its_fields_with_their_direction()
    {
        using var data = Data();
        var upcall = data.RootElement.GetProperty("upcalls").EnumerateArray().Single();
        Assert.Equal("open", upcall.GetProperty("name").GetString());
        Assert.Equal(2, upcall.GetProperty("fieldsIn").GetInt32());
        Assert.Equal(12, upcall.GetProperty("bytesIn").GetInt32());
        var item = upcall.GetProperty("objects")[0];
        Assert.Equal("struct device", item.GetProperty("of").GetString());
        Assert.Equal(["parent 1", "id 1"], item.GetProperty("fields").EnumerateArray().Select(f => $"{f[0]} {f[3]}"));
    }

    [Fact]
    public void A_downcall_names_who_calls_it()
    {
        using var data = Data();
        var downcall = data.RootElement.GetProperty("downcalls").EnumerateArray().Single(d => d.GetProperty("name").GetString() == "irq");
        Assert.Equal("open", Name(data, downcall.GetProperty("callers")[0][0].GetInt32()));
        Assert.Equal("irq", Name(data, downcall.GetProperty("function").GetInt32()));
    }

    [Fact]
    public void Edges_are_the_calls_among_the_drivers_functions()
    {
        using var data = Data();
        Assert.Equal(
            ["open -> inner 0", "open -> irq 0"],
            data.RootElement.GetProperty("edges").EnumerateArray().Select(e => $"{Name(data, e[0].GetInt32())} -> {Name(data, e[1].GetInt32())} {e[2]}").Order());
    }

    [Fact]
    public void Measurements_and_published_figures_are_passed_on()
    {
        using var data = Data(new Measurements("6.1", "net", [new("init_ms", "loading", 2, 3)], [new("send", "sending", 0.99, 0.98, 1.01, 4)]));
        var measured = data.RootElement.GetProperty("measurements");
        Assert.Equal(3, measured.GetProperty("sides")[0].GetProperty("microdriver").GetDouble());
        Assert.Equal(4, measured.GetProperty("ratios")[0].GetProperty("pairs").GetInt32());
        Assert.Equal("Another", data.RootElement.GetProperty("published")[0].GetProperty("system").GetString());
    }

    private static JsonElement Function(JsonDocument data, string name) =>
        data.RootElement.GetProperty("functions").EnumerateArray().Single(f => f.GetProperty("name").GetString() == name);

    private static string Name(JsonDocument data, int index) => data.RootElement.GetProperty("functions")[index].GetProperty("name").GetString()!;

    private static JsonDocument Data(Measurements? measurements = null) => JsonDocument.Parse(Element(Page(measurements)));

    private static string Element(string page)
    {
        const string Start = "<script type=\"application/json\" id=\"data\">";
        var from = page.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        return page[from..page.IndexOf("</script>", from, StringComparison.Ordinal)];
    }

    private static string Page(Measurements? measurements = null)
    {
        var plan = SmallSlice.Of(Text).Plan;
        return HtmlReport.Write(new ReportInput(plan, CallGraph.Build(plan.Model), new Headline(2, 1, 9, 1, 0))
        {
            Measurements = measurements,
            Published = [new Published("Another", "share_out", 60, 65, "of it", "A paper", "paper")],
        });
    }

    private static int Count(string text, string word) => text.Split(word).Length - 1;
}
