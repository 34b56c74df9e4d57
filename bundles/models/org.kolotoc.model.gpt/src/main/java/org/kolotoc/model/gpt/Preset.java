package org.kolotoc.model.gpt;

/**
 * Sizes of published models (Radford et al. 2018 and 2019; Brown et al., arXiv:2005.14165). GPT-1 was normalised behind its
 * layers: {@code "placement": "post"} beside it.
 */
public enum Preset {
    NONE(0, 0, 0, 0),
    GPT1(12, 12, 768, 512),
    GPT2(12, 12, 768, 1024),
    GPT2_MEDIUM(24, 16, 1024, 1024),
    GPT2_LARGE(36, 20, 1280, 1024),
    GPT2_XL(48, 25, 1600, 1024),
    GPT3(96, 96, 12_288, 2048);

    private final Sizes sizes;

    Preset(int layers, int heads, int width, int context) {
        this.sizes = new Sizes(layers, heads, width, context);
    }

    Sizes sizes() {
        return sizes;
    }
}
