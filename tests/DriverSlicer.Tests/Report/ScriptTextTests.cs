// SPDX-License-Identifier: GPL-2.0-only
using System.Text.Json;
using CsCheck;
using DriverSlicer.Report;

namespace DriverSlicer.Tests.Report;

public sealed class ScriptTextTests
{
    [Fact]
    public void Any_text_survives_and_none_can_end_the_script() => Gen.String[0, 60].Sample(text =>
    {
        var whole = text + "</script><!--\u2028\u2029\0" + text;
        var json = ScriptText.Json(whole);
        Assert.DoesNotContain('<', json);
        Assert.DoesNotContain('\u2028', json);
        Assert.DoesNotContain('\u2029', json);
        Assert.DoesNotContain('\0', json);

        // Half a surrogate pair is no text.
        if (text.All(c => !char.IsSurrogate(c)))
            Assert.Equal(whole, JsonSerializer.Deserialize<string>(json));
    });

    [Theory]
    [InlineData("var a = '</SCRIPT>';")]
    [InlineData("var a = '<!--';")]
    public void A_program_that_would_end_its_element_is_noticed(string program) =>
        Assert.Contains("library.js", Assert.Throws<InvalidOperationException>(() => ScriptText.Program("library.js", program)).Message);

    [Fact]
    public void What_is_filled_in_is_not_filled_again() =>
        Assert.Equal("a {{two}} b 2", Template.Fill("a {{one}} b {{two}}", new Dictionary<string, string> { ["one"] = "{{two}}", ["two"] = "2" }));

    [Fact]
    public void A_place_that_nothing_fills_is_noticed() =>
        Assert.Throws<InvalidOperationException>(() => Template.Fill("{{one}}", new Dictionary<string, string>()));
}
