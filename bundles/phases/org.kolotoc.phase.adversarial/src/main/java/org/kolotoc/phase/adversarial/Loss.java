package org.kolotoc.phase.adversarial;

import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Tensor;

/** What both sides of a game pay, by the numbers that the discriminator gives: {@code [batch]}, of each row. */
public enum Loss {
    /** Each tells data from what was made by its log-likelihood (Goodfellow et al., arXiv:1406.2661, section 3). */
    NON_SATURATING {
        @Override
        Tensor discriminator(Tensor real, Tensor made) {
            return Functions.softplus(real.neg()).add(Functions.softplus(made));
        }

        @Override
        Tensor generator(Tensor made) {
            return Functions.softplus(made.neg());
        }
    },
    /** Only what is not told by a margin counts (Lim and Ye, arXiv:1705.02894). */
    HINGE {
        @Override
        Tensor discriminator(Tensor real, Tensor made) {
            return Functions.relu(real.neg().add(1)).add(Functions.relu(made.add(1)));
        }

        @Override
        Tensor generator(Tensor made) {
            return made.neg();
        }
    },
    /** Half the squares of the distances to 1 and 0 (Mao et al., arXiv:1611.04076). */
    LEAST_SQUARES {
        @Override
        Tensor discriminator(Tensor real, Tensor made) {
            Tensor off = real.sub(1);
            return off.mul(off).add(made.mul(made)).mul(0.5);
        }

        @Override
        Tensor generator(Tensor made) {
            Tensor off = made.sub(1);
            return off.mul(off).mul(0.5);
        }
    },
    /** How much higher data is held than what was made, by a critic whose slope is held at 1 (Gulrajani et al., arXiv:1704.00028). */
    WGAN_GP {
        @Override
        Tensor discriminator(Tensor real, Tensor made) {
            return made.sub(real);
        }

        @Override
        Tensor generator(Tensor made) {
            return made.neg();
        }
    };

    /** @param real of data, {@code [batch]} */
    abstract Tensor discriminator(Tensor real, Tensor made);

    abstract Tensor generator(Tensor made);
}
