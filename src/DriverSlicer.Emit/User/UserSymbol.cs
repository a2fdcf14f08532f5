// SPDX-License-Identifier: GPL-2.0-only
using DriverSlicer.Model;

namespace DriverSlicer.Emit.User;

/// <summary>What a downcall is called in the user half's text and by its linker.</summary>
internal static class UserSymbol
{
    public static string Of(Downcall downcall) => downcall.Kind switch
    {
        DowncallKind.Inline => "md_i_" + downcall.Name,
        DowncallKind.Macro => "md_m_" + downcall.Name,
        _ => downcall.Name,
    };

    /// <summary>Index of the format parameter, or -1.</summary>
    public static int FormatOf(Downcall downcall)
    {
        for (var i = 0; i < downcall.Parameters.Length; i++)
        {
            if (downcall.Parameters[i].Kind == DownParameterKind.Format)
            {
                return i;
            }
        }

        return -1;
    }
}
