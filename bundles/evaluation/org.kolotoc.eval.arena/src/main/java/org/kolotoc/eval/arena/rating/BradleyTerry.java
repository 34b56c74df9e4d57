package org.kolotoc.eval.arena.rating;

import java.util.Arrays;
import java.util.Optional;

/**
 * Strengths by maximum likelihood: a model beats another with the logistic function of their strengths' difference (Bradley and
 * Terry 1952), style features beside them as covariates, by Newton's method. Where the battles don't determine strengths, that is
 * said; with virtual ties of each model with an average one ({@link #withPrior}) they always do.
 */
public final class BradleyTerry {
    private static final int MOST_ITERATIONS = 100;
    private static final int MOST_HALVINGS = 40;
    /** Of a step, in logits: Newton's last steps double the digits, so the next would change nothing. */
    private static final double CONVERGED = 1e-10;
    /** Beyond it a probability is 0 to 15 digits: whoever gets there goes on for ever. */
    private static final double INFINITE = 40;
    /** Of the logarithm of a likelihood, which many battles add to: less than that is no loss. */
    private static final double ROUNDING = 1e-12;

    private static final String ENDLESS =
            "strengths and the worth of style grow without end, as if the style features told"
                    + " every battle's winner";

    private final Ties ties;
    private final double prior;

    private BradleyTerry(Ties ties, double prior) {
        this.ties = ties;
        this.prior = prior;
    }

    public static BradleyTerry with(Ties ties) {
        return new BradleyTerry(ties, 0);
    }

    /** The same with so many virtual ties of each model with one of strength 0. */
    public BradleyTerry withPrior(double battles) {
        return new BradleyTerry(ties, battles);
    }

    /**
     * The likeliest strengths.
     *
     * @param styled whether style features are told from strengths
     * @throws Undetermined where no finite strengths are likelier than all others, with the models at fault
     */
    public Fit fit(Battles battles, boolean styled) throws Undetermined {
        Tally tally = Tally.of(battles, styled);
        if (prior == 0) {
            Beaten.require(tally, battles.models());
        }
        return fit(tally, battles);
    }

    /** The parameters of a sample, found from a fit that is near: none where the sample does not determine any. */
    Optional<double[]> refit(Tally tally, Battles battles, Fit near) {
        if (prior == 0 && !Beaten.isDetermined(tally)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    maximum(new Likelihood(tally, effective(tally), prior), battles, parameters(tally, near)));
        } catch (Undetermined _) {
            return Optional.empty();
        }
    }

    private double[] parameters(Tally tally, Fit near) {
        int size = tally.models() + tally.features();
        boolean tie = effective(tally) == Ties.DAVIDSON;
        double[] start = new double[size + (tie ? 1 : 0)];
        System.arraycopy(near.strengths(), 0, start, 0, tally.models());
        System.arraycopy(near.coefficients(), 0, start, tally.models(), tally.features());
        if (tie) {
            start[size] = near.nu() > 0 ? Math.log(near.nu()) : 0;
        }
        return start;
    }

    /** Without a tie, Davidson's model is the other one, its parameter at the end of what it may be. */
    private Ties effective(Tally tally) {
        return tally.all(Outcome.TIE) == 0 ? Ties.HALF : ties;
    }

    private Fit fit(Tally tally, Battles battles) throws Undetermined {
        Ties effective = effective(tally);
        if (effective == Ties.DAVIDSON && tally.all(Outcome.LEFT) + tally.all(Outcome.RIGHT) == 0) {
            throw new Undetermined("every battle is a tie, which says nothing of how likely one is");
        }
        Likelihood likelihood = new Likelihood(tally, effective, prior);
        double[] at = maximum(likelihood, battles, new double[likelihood.size()]);
        Likelihood.Derivatives there = likelihood.derivatives(at, true);
        double[][] inverse = centred(factored(there, battles, false).inverse(), tally.models());
        int reported = tally.models() + tally.features();
        double[] strengths = new double[tally.models()];
        System.arraycopy(at, 0, strengths, 0, strengths.length);
        double[] coefficients = new double[tally.features()];
        System.arraycopy(at, tally.models(), coefficients, 0, coefficients.length);
        return new Fit(
                strengths,
                coefficients,
                effective == Ties.DAVIDSON ? Math.exp(at[reported]) : 0,
                likelihood.battles(at),
                part(inverse, reported),
                part(product(product(inverse, there.scatter()), inverse), reported));
    }

    /** Newton's method. Strengths are moved to mean 0, which changes nothing but what the prior is about. */
    private double[] maximum(Likelihood likelihood, Battles battles, double[] start) throws Undetermined {
        int models = battles.models().size();
        double[] at = start;
        for (int iteration = 0; iteration < MOST_ITERATIONS && largest(at, models) < INFINITE; iteration++) {
            Likelihood.Derivatives there = likelihood.derivatives(at, false);
            double[] step = upwards(
                    likelihood, at, factored(there, battles, iteration == 0).solve(there.gradient()));
            at = sum(at, step);
            if (largest(step, step.length) < CONVERGED) {
                return centred(at, models);
            }
        }
        throw new Undetermined(ENDLESS);
    }

    /** A step that goes too far is halved until it leads no lower. */
    private static double[] upwards(Likelihood likelihood, double[] at, double[] step) {
        double least = likelihood.log(at);
        least -= ROUNDING * Math.abs(least);
        double[] shorter = step;
        for (int halving = 0; halving < MOST_HALVINGS && likelihood.log(sum(at, shorter)) < least; halving++) {
            shorter = Arrays.stream(shorter).map(part -> part / 2).toArray();
        }
        return shorter;
    }

    private static double largest(double[] values, int of) {
        return Arrays.stream(values, 0, of).map(Math::abs).max().orElse(0);
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    /**
     * The information, with strengths' mean held where nothing else holds it.
     *
     * @param near whether strengths are such that no probability is near 0
     */
    private Cholesky factored(Likelihood.Derivatives there, Battles battles, boolean near) throws Undetermined {
        int models = battles.models().size();
        double[][] matrix = there.information();
        if (prior == 0) {
            double trace = 0;
            for (int model = 0; model < models; model++) {
                trace += matrix[model][model];
            }
            double held = trace / models / models;
            for (int i = 0; i < models; i++) {
                for (int j = 0; j < models; j++) {
                    matrix[i][j] += held;
                }
            }
        }
        Cholesky factors = Cholesky.of(matrix);
        if (factors.deficient() >= 0) {
            int feature = factors.deficient() - models;
            throw new Undetermined(
                    near && feature >= 0 && feature < battles.features().size()
                            ? "the style feature '" + battles.features().get(feature)
                                    + "' follows from who fights and the features before it, so its worth is unknown"
                            : ENDLESS);
        }
        return factors;
    }

    private static double[] centred(double[] at, int models) {
        double mean = 0;
        for (int model = 0; model < models; model++) {
            mean += at[model] / models;
        }
        double[] centred = at.clone();
        for (int model = 0; model < models; model++) {
            centred[model] -= mean;
        }
        return centred;
    }

    /** The covariance of strengths that were moved to mean 0. */
    private static double[][] centred(double[][] covariance, int models) {
        double[][] rows = new double[covariance.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = centred(covariance[i], models);
        }
        double[][] turned = transposed(rows);
        for (int i = 0; i < rows.length; i++) {
            turned[i] = centred(turned[i], models);
        }
        return transposed(turned);
    }

    private static double[][] transposed(double[][] matrix) {
        double[][] turned = new double[matrix.length][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix.length; j++) {
                turned[j][i] = matrix[i][j];
            }
        }
        return turned;
    }

    private static double[][] product(double[][] a, double[][] b) {
        double[][] product = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int k = 0; k < a.length; k++) {
                for (int j = 0; j < a.length; j++) {
                    product[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return product;
    }

    private static double[][] part(double[][] matrix, int size) {
        return Arrays.stream(matrix, 0, size)
                .map(row -> Arrays.copyOf(row, size))
                .toArray(double[][]::new);
    }
}
