package rlhf;

import org.kolotoc.api.*;

/** A kind of seat inside the phase that this bundle brings; others may fill it. */
@SeatKind(value = "reward", summary = "how good an answer is")
public interface RewardFamily<S extends Record> extends Family<S, Reward> {}
