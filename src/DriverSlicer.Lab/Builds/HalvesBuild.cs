// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Lab.Builds;

/// <param name="Module">NAME.ko, the kernel half</param>
/// <param name="Shared">NAME.so, the user half</param>
public sealed record SliceFiles(string Module, string Shared);

/// <summary>Builds both halves of a written slice, with Kbuild and with gcc.</summary>
public static class HalvesBuild
{
    /// <param name="sort">of the user half, as user/user.mk knows it: POISON=1, POISON=2, FAULTS=1; or none</param>
    /// <param name="userFlags">the user's own options for the compiler of the user half; null: none</param>
    /// <exception cref="LabUsageException">A half does not compile with the user's own options.</exception>
    /// <exception cref="DiagnosticException">A half does not compile; the message holds the compiler's words.</exception>
    public static async Task<SliceFiles> BuildAsync(
        string slice, string module, LabKernel kernel, RuntimeFiles runtime, Action<string> progress, CancellationToken ct, string? sort = null, string? userFlags = null)
    {
        progress("building the kernel half with Kbuild and the user half with gcc");
        try
        {
            string?[] words = ["-s", "-j2", "-C", slice, $"KDIR={kernel.BuildDir}", $"MD_SYMVERS={runtime.Symvers}", sort, userFlags is null ? null : $"USER_CFLAGS={userFlags}", "all"];
            await Subprocess.RunAsync("make", [.. words.OfType<string>()], ct);
        }
        catch (LabException e) when (userFlags is not null)
        {
            throw new LabUsageException($"the halves do not compile with --user-cflags='{userFlags}': {e.Message}\nnext: correct these options, or leave them out");
        }
        catch (LabException e)
        {
            // Generated text that does not compile is the slicer's fault, not the machine's.
            throw new DiagnosticException(new Diagnostic(
                "DS0601", Severity.Error, Location.None, $"a generated half does not compile: {e.Message}",
                $"report this as a bug of driverslicer, with the folder {slice}"));
        }

        return new SliceFiles(Path.Combine(slice, "kernel", module + ".ko"), Path.Combine(slice, "user", module + ".so"));
    }
}
