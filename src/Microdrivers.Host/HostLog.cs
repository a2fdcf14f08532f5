// SPDX-License-Identifier: GPL-2.0-only
using System.Text;

namespace Microdrivers.Host;

/// <summary>
/// Where the host speaks: the kernel log, as part of the driver's story there, and standard error when somebody gave one.
/// The file stays open, so a host that has dropped its privileges still can say why it ends.
/// </summary>
internal sealed class HostLog
{
    const int Error_ = 3, Warning_ = 4, StandardError = 2;

    readonly int kernelLog;
    readonly bool standardError;
    string prefix = "microdriver: host";

    HostLog(int kernelLog, bool standardError) => (this.kernelLog, this.standardError) = (kernelLog, standardError);

    internal static HostLog Open(bool startedByKernel) =>
        new(Libc.Open("/dev/kmsg", Libc.WriteOnly | Libc.CloseOnExec, 0), !startedByKernel);

    internal void Name(string driver) => prefix = $"microdriver: host {driver}";

    internal void Error(string text) => Put(Error_, text);
    internal void Warn(string text) => Put(Warning_, text);

    /// <summary>An answer to the person at the terminal: not for the kernel log.</summary>
    internal void Say(string text) => Write(StandardError, text + "\n");

    internal static string Line(int level, string prefix, string text) => $"<{level}>{prefix}: {text.ReplaceLineEndings(" ")}\n";

    void Put(int level, string text)
    {
        if (kernelLog >= 0)
            Write(kernelLog, Line(level, prefix, text));
        if (standardError)
            Write(StandardError, $"{prefix}: {text}\n");
    }

    static unsafe void Write(int file, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* first = bytes)
            _ = Libc.Write(file, first, (nuint)bytes.Length);
    }
}
