package org.kolotoc.bench;

/** A step of a model of pictures of {@link Pictures}. */
enum PictureWork implements Work {
    /** An update of DCGAN's discriminator and one of its generator. */
    DCGAN(BenchArguments.STEP, "DCGAN", 64) {
        /** Forward thrice and backward once through the generator, by as many products; the other side sees twice as much. */
        @Override
        public double aboutFlops() {
            return 2.0 * items() * (4 * Pictures.GENERATOR_PRODUCTS + 8 * Pictures.DISCRIMINATOR_PRODUCTS);
        }

        @Override
        public StepWorker ours(OurBackend ours) {
            return KolotocPictures.adversarial(items(), ours);
        }

        @Override
        public StepWorker libtorch(int threads) {
            return new LibtorchGame(items(), threads);
        }

        @Override
        public String toString() {
            return "adversarial step DCGAN: 28 x 28, channels 64, 128, batch " + items()
                    + ", an update of each side; fp32, AdamW";
        }
    },

    /** A denoising step of a U-Net. */
    UNET(BenchArguments.STEP, "UNet", 32) {
        @Override
        public double aboutFlops() {
            return 6.0 * items() * Pictures.DENOISER_PRODUCTS;
        }

        @Override
        public StepWorker ours(OurBackend ours) {
            return KolotocPictures.denoise(items(), ours);
        }

        @Override
        public StepWorker libtorch(int threads) {
            return LibtorchDenoising.training(items(), threads);
        }

        @Override
        public String toString() {
            return "denoising step U-Net: 28 x 28, channels 32, 64, 88, batch " + items() + "; fp32, AdamW, clipped";
        }
    },

    /** Pictures drawn by it, in {@link Pictures#STEPS} steps. */
    DDIM(BenchArguments.GENERATION, "UNet", 64) {
        @Override
        public double aboutFlops() {
            return 2.0 * items() * Pictures.STEPS * Pictures.DENOISER_PRODUCTS;
        }

        @Override
        public Answer answer() {
            return Answer.PIXELS;
        }

        @Override
        public StepWorker ours(OurBackend ours) {
            return KolotocPictures.ddim(items(), ours);
        }

        @Override
        public StepWorker libtorch(int threads) {
            return LibtorchDenoising.drawing(items(), threads);
        }

        @Override
        public String toString() {
            return "pictures by the same U-Net, " + items() + " in " + Pictures.STEPS + " steps of DDIM; fp32";
        }
    };

    private final String word;
    private final String config;
    private final int batch;

    PictureWork(String word, String config, int batch) {
        this.word = word;
        this.config = config;
        this.batch = batch;
    }

    @Override
    public String config() {
        return config;
    }

    @Override
    public String word() {
        return word;
    }

    @Override
    public Answer answer() {
        return Answer.LOSS;
    }

    @Override
    public String unit() {
        return "pictures";
    }

    @Override
    public int items() {
        return batch;
    }
}
