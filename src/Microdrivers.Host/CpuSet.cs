// SPDX-License-Identifier: GPL-2.0-only
namespace Microdrivers.Host;

/// <summary>The CPUs that this process may use, numbered from 0 without holes.</summary>
internal sealed unsafe class CpuSet
{
    readonly int[] numbers;

    CpuSet(int[] numbers) => this.numbers = numbers;

    internal static CpuSet Allowed()
    {
        byte* mask = stackalloc byte[Libc.CpuSetBytes];
        new Span<byte>(mask, Libc.CpuSetBytes).Clear();
        return new(Libc.GetAffinity(0, Libc.CpuSetBytes, mask) >= 0 ? Read(new(mask, Libc.CpuSetBytes)) : []);
    }

    internal static int[] Read(ReadOnlySpan<byte> mask)
    {
        var numbers = new List<int>();
        for (var cpu = 0; cpu < mask.Length * 8; cpu++)
        {
            if ((mask[cpu / 8] >> (cpu % 8) & 1) != 0)
                numbers.Add(cpu);
        }
        return [.. numbers];
    }

    /// <summary>Binds the calling thread; a CPU that has gone meanwhile leaves it unbound, which is slower but right.</summary>
    internal void Pin(int thread)
    {
        if (numbers.Length == 0)
            return;
        var cpu = numbers[thread % numbers.Length];
        byte* mask = stackalloc byte[Libc.CpuSetBytes];
        new Span<byte>(mask, Libc.CpuSetBytes).Clear();
        mask[cpu / 8] = (byte)(1 << cpu % 8);
        _ = Libc.SetAffinity(0, Libc.CpuSetBytes, mask);
    }
}
