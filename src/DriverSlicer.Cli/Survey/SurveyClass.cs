// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;

namespace DriverSlicer.Cli.Survey;

/// <summary>Drivers of one class, or all of them.</summary>
/// <param name="CriticalFunctions">Kept by contexts and locks alone.</param>
/// <param name="ContextUser">What contexts and locks alone would let leave the kernel.</param>
public sealed record SurveyClass(
    string Class, int Modules, int Files, int Functions, int CriticalFunctions, int UserFunctions, int Lines, int UserLines, Amount ContextUser)
{
    public static SurveyClass Sum(string name, IEnumerable<SurveyClass> parts) => parts.Aggregate(
        new SurveyClass(name, 0, 0, 0, 0, 0, 0, 0, default),
        (a, b) => new SurveyClass(
            name, a.Modules + b.Modules, a.Files + b.Files, a.Functions + b.Functions, a.CriticalFunctions + b.CriticalFunctions,
            a.UserFunctions + b.UserFunctions, a.Lines + b.Lines, a.UserLines + b.UserLines, a.ContextUser + b.ContextUser));
}
