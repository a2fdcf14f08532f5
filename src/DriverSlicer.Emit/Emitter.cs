// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DriverSlicer.Emit.Kernel;
using DriverSlicer.Emit.Report;
using DriverSlicer.Emit.User;
using DriverSlicer.Model;

namespace DriverSlicer.Emit;

/// <summary>
/// Writes a plan out as C. Nothing is decided here.
///
/// 1. Kernel half: the driver's text with stubs for what moved; handlers, symbols and layout checks behind it; tables of the plan.
/// 2. User half: the driver's text with stubs for what stayed; trampolines into the kernel.
/// 3. Report: the same numbers for people and for programs.
///
/// Both halves carry an id, a hash over all of this text, so that halves of different slices never meet.
/// </summary>
public static class Emitter
{
    private const string NoId = "00000000000000000000000000000000";

    /// <summary>Files of the runtime that the output folder needs beside the generated ones.</summary>
    public static ImmutableArray<CopiedFile> CopiedFiles { get; } =
    [
        new("kernel/microdriver.h", "kernel/microdriver.h"),
        new("kernel/microdriver_wire.h", "kernel/microdriver_wire.h"),
        new("kernel/microdriver_wire.h", "user/microdriver_wire.h"),
        new("user/md_user.h", "user/md_user.h"),
        new("user/md_user.c", "user/md_user.c"),
        new("user/md_format.c", "user/md_format.c"),
        new("user/md_text.c", "user/md_text.c"),
        new("user/md_local.c", "user/md_local.c"),
        new("user/md_lock.c", "user/md_lock.c"),
        new("user/md_local.h", "user/md_local.h"),
        new("user/md_poison.c", "user/md_poison.c"),
        new("user/md_poison.h", "user/md_poison.h"),
        new("user/md_faults.c", "user/md_faults.c"),
        new("user/md_faults.h", "user/md_faults.h"),
        new("user/md_faults_page.h", "user/md_faults_page.h"),
        new("user/md_pre.h", "user/md_pre.h"),
        new("user/md_shims.h", "user/md_shims.h"),
        new("user/md_names.h", "user/md_names.h"),
        new("user/md_names_push.h", "user/md_names_push.h"),
        new("user/md_names_pop.h", "user/md_names_pop.h"),
        new("user/include/trace/define_trace.h", "user/include/trace/define_trace.h"),
        new("user/user.mk", "user/user.mk"),
    ];

    /// <param name="shims">The macro shims that the front end parsed the driver with.</param>
    /// <param name="sliceName">Module name, when it is not the driver's own.</param>
    /// <returns>Sorted by path; the same plan gives the same bytes.</returns>
    public static ImmutableArray<OutputFile> Emit(SlicePlan plan, ImmutableArray<MacroShim> shims, string? sliceName = null)
    {
        var slice = Slice.Of(plan, shims, sliceName ?? plan.Model.Driver, NoId);

        // The id covers everything but itself.
        return Write(slice with { SliceId = HashOf(Write(slice)) });
    }

    private static ImmutableArray<OutputFile> Write(Slice slice) =>
    [
        .. KernelHalf.Write(slice)
            .Concat(UserHalf.Write(slice))
            .Concat(Reports.Write(slice))
            .Append(Makefiles.Top())
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];

    private static string HashOf(ImmutableArray<OutputFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Path}\0{file.Text}\0"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
