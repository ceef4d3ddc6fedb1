// SPDX-License-Identifier: Apache-2.0
package id.kentongan.channel;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an account is doing.
 *
 * @param dailyLimit messages it may send in a day of the tenant's zone, or null without limit
 * @param perMinute messages its network takes in a minute
 * @param sentToday accepted by the network since the tenant's midnight
 * @param waiting messages on their way or waiting to be sent
 * @param waitingSince when the oldest of them was written, or null
 * @param held refused or unknown, until somebody settles them
 * @param failedDeliveries kept because they could not be taken in
 * @param lastReceivedAt newest delivery of the last seven days, or null
 * @param lastSentAt newest message accepted of the last seven days, or null
 */
public record AccountHealth(
        AccountId account,
        @Nullable Integer dailyLimit,
        int perMinute,
        int sentToday,
        int waiting,
        @Nullable Instant waitingSince,
        int held,
        int failedDeliveries,
        @Nullable Instant lastReceivedAt,
        @Nullable Instant lastSentAt) {}
