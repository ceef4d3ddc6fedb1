// SPDX-License-Identifier: Apache-2.0
/** The portal's forms as a network: what citizens write arrives as deliveries, answers appear on the tracking page. */
@NullMarked
package id.kentongan.channel.internal.web;

import org.jspecify.annotations.NullMarked;
