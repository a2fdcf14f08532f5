# SPDX-License-Identifier: GPL-2.0-only
#
# net-timeout.sh SLOT INTERFACE: switches the transmitter off behind the driver's back and returns when the core's watchdog has noticed.
. /lab/netlib.sh
dev=$2
timeouts=$(tx_timeouts)
tx_off "$1"
within 60 timeout_seen
