# SPDX-License-Identifier: GPL-2.0-only
#
# net-timeout.sh SLOT INTERFACE: switches the transmitter off behind the driver's back (LAB_TX_ENABLE: RESOURCE:BITS:OFFSET:MASK) and
# returns when the core's watchdog has noticed.
. /lab/netlib.sh
dev=$2
resource=${LAB_TX_ENABLE%%:*} rest=${LAB_TX_ENABLE#*:}
bits=${rest%%:*} rest=${rest#*:}
timeouts() { cat "/sys/class/net/$dev/queues/tx-0/tx_timeout"; }
before=$(timeouts)
seen() { [ "$(timeouts)" -gt "$before" ]; }
bar "/sys/bus/pci/devices/$1/$resource" "$bits" "${rest%%:*}" clear="${rest#*:}" >/dev/null
within 60 seen
