// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Clang;

namespace DriverSlicer.Tests.Clang;

public class DryRunTests
{
    private static DryRun Read(params string[] lines)
    {
        var run = new DryRun("/headers");
        foreach (var line in lines)
            run.Line(line);
        return run;
    }

    [Fact]
    public void A_compile_command_is_found_among_what_stands_around_it()
    {
        var run = Read(
            """set -e;  echo '  CC [M]  /src/drivers/toy/a.o';  trap 'rm -f /src/drivers/toy/a.o; exit' INT;  gcc -I./include -DNAME='"a"' -c -o /src/drivers/toy/a.o /src/drivers/toy/a.c ; objtool /src/drivers/toy/a.o; printf '%s\n' 'cmd_a.o := gcc -c -o x.o x.c'""");
        var words = Assert.Single(run.Compiles).Value;
        Assert.Equal(["gcc", "-I./include", "-DNAME=\"a\"", "-c", "-o", "/src/drivers/toy/a.o", "/src/drivers/toy/a.c"], words);
        Assert.Equal("/src/drivers/toy/a.o", run.Compiles.Keys.Single());
    }

    [Fact]
    public void A_module_lists_its_objects_from_its_own_folder()
    {
        var run = Read(
            """set -e; echo '  printf ...'; printf '%s\n'   main.o sub/part.o ../shared.o main.o | awk '!x[$0]++ { print("../src/drivers/toy/"$0) }' > ../src/drivers/toy/toy.mod; printf '%s\n' 'cmd_toy.mod := printf'""");
        Assert.Equal(["/src/drivers/toy/main.o", "/src/drivers/toy/sub/part.o", "/src/drivers/shared.o"], run.Modules["/src/drivers/toy/toy"]);
    }

    [Fact]
    public void Other_lines_are_nothing() => Assert.Empty(Read("make[1]: Entering directory '/headers'", "ld -r -o toy.o a.o b.o").Compiles);
}
