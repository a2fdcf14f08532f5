// SPDX-License-Identifier: GPL-2.0-only
// Runs the user half of one driver: docs/reference/runtime.md.
using Microdrivers.Host;

// The kernel starts a host without files 0..2: fill them before anything else takes their numbers.
var startedByKernel = StandardFiles.Fill();
var log = HostLog.Open(startedByKernel);
try
{
    if (HostOptions.AsksForHelp(args))
    {
        log.Say(HostOptions.Usage);
        return ExitCode.Fine;
    }
    var options = HostOptions.Parse(args);
    log.Name(options.Driver);

    // The one way into the kernel.
    var device = Device.Open(options.Device);

    // Same protocol? Where does the kernel want its windows?
    var hello = Device.Negotiate(device);

    // Before any library is loaded, so that nothing else lands in a window. No window moves after this.
    var starts = Windows.Map(device, hello);

    // The driver's code, with every symbol bound now.
    var half = UserHalf.Load(options.Half, options.Driver);

    // From here nothing is read from disk, swapped out or chosen by the out-of-memory killer.
    Protection.Raise(options.Driver, log);

    // The kernel checks that both halves come from one slice.
    half.Attach(device, starts, Tracer.Open(options.Trace, startedByKernel));

    // From here there are no privileges but the open device.
    Confinement.Enter(options.Confined);

    // Returns when every u-thread has seen MD_EXIT.
    UThreads.Serve(half, device, options.Threads, log);

    return ExitCode.Fine;
}
catch (HostFailure failure)
{
    log.Error(failure.Message);
    return failure.ExitCode;
}
