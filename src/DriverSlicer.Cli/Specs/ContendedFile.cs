// SPDX-License-Identifier: GPL-2.0-only
using System.Collections.Immutable;
using DriverSlicer.Model;

namespace DriverSlicer.Cli.Specs;

/// <summary>contended.toml: what entries can do that meet a closed gate.</summary>
internal static class ContendedFile
{
    private static readonly string[] Keys = ["name", "before", "after", "postpone", "result", "waits", "why"];

    /// <summary>In file order.</summary>
    public static ImmutableArray<ContendedAction> Read(SpecText text)
    {
        var duplicates = new Duplicates();
        var actions = ImmutableArray.CreateBuilder<ContendedAction>();
        foreach (var table in text.Rules("action", Keys))
        {
            table.Required("why");
            var action = new ContendedAction(
                table.Required("name"), table.ExpressionText("postpone"), table.ExpressionText("result"), table.Flag("waits"))
            {
                Before = table.ExpressionText("before"),
                After = table.ExpressionText("after"),
            };
            duplicates.Refuse(action.Name, table.At("name"));
            if (action.Waits && (action.Postpone ?? action.Result) is not null)
                throw SpecTrouble.Malformed(table.At("waits"), "waits", "leaves nothing to postpone or to return");
            if (action.Before is null != action.After is null)
                throw SpecTrouble.Malformed(table.At(action.Before is null ? "after" : "before"), "before and after", "come together");
            actions.Add(action);
        }

        return actions.ToImmutable();
    }
}
