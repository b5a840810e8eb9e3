// The book's LeNet in the reader's browser: forward, backward, a step, evaluation. No libc.
//
// Eight images are a tile. Every array of activations ends in a `tile`, whose lanes are images, so
// each layer is a few plain loops, and no lane ever waits for another. A whole minibatch has no
// half-empty tile; where one is (a test set, a test), its last lanes are black and count nothing.
//
// WebAssembly without relaxed SIMD: every machine computes the same bits.
typedef float half __attribute__((vector_size(16), may_alias));  // four images
typedef float tile __attribute__((vector_size(32), aligned(16), may_alias));
typedef int mask __attribute__((vector_size(32), aligned(16), may_alias));  // -1 is true

enum { LANES = 8, BATCH = 256, TILES = BATCH / LANES, IMAGES = 12000, CLASSES = 10 };

#define INLINE static inline __attribute__((always_inline))
// V8 compiles a function well once it was called often, never one that is still running: what
// takes time is called many times, and not inlined into a loop that isn't.
#define APART static __attribute__((noinline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define EXPORT(name) __attribute__((export_name(#name)))

// The parameters in MXNet's order and layout: 61,706 numbers.
struct parameters {
  float conv1[6][25], conv1_bias[6];
  float conv2[16][6][25], conv2_bias[16];
  float dense1[120][400], dense1_bias[120];
  float dense2[84][120], dense2_bias[84];
  float dense3[CLASSES][84], dense3_bias[CLASSES];
};
enum { PARAMETERS = sizeof(struct parameters) / sizeof(float) };
static _Alignas(16) struct parameters weight, gradient, velocity;

static unsigned char image[IMAGES][28][28], label[IMAGES];
static unsigned short order[IMAGES];  // of the training images, in this epoch

// One tile's activations. `which` says which of the four in a window was the largest, 0 to 3 from
// left to right and top to bottom, or -1 where the ReLU stops the gradient.
static tile pixels[32][32], pooled1[6][14][14], d_pooled1[6][14][14], d_conv2[16][10][10];
static mask which1[6][14][14], which2[16][5][5];
static tile rows[16 * 2 * 28];  // two rows of a convolution's every channel

// The dense layers' inputs and the gradients of their outputs, for the whole minibatch.
static tile pooled2[TILES][16][5][5], hidden1[TILES][120], hidden2[TILES][84], logits[CLASSES];
static tile d_pooled2[16][5][5], d_hidden1[TILES][120], d_hidden2[TILES][84];
static tile d_logits[TILES][CLASSES];

// Sums over the minibatch, each lane for itself.
static half sum_conv1[6][25], sum_conv2[16][6][25];
static tile sum_bias1[6], sum_bias2[16];

// A convolution's weights with the channels that are computed together side by side.
static float conv1_taps[25][6], conv2_taps[6][25][16], conv2_taps_back[16][25][6];

static int hits;                           // of the last gradient or evaluation
static float low[CLASSES], high[CLASSES];  // the least and the greatest logit of each class

INLINE tile splat(float x) { return (tile){x, x, x, x, x, x, x, x}; }
INLINE tile where(mask which, tile x) { return (tile)((mask)x & which); }
INLINE float total4(half x) { return (x[0] + x[1]) + (x[2] + x[3]); }
INLINE float total(tile x) {
  return ((x[0] + x[4]) + (x[1] + x[5])) + ((x[2] + x[6]) + (x[3] + x[7]));
}
INLINE void clear(void *start, int size) { __builtin_memset(start, 0, size); }

// sum[c] += w[c * stride] * x, for `channels` channels.
INLINE void accumulate(tile *sum, const float *w, int stride, tile x, int channels) {
  UNROLL for (int c = 0; c < channels; c++) sum[c] += splat(w[c * stride]) * x;
}

// Convolutions, 5 by 5 -------------------------------------------------------------------------

// Two rows of `channels` output channels (6 at most, with as many sums in registers). `x` is where
// the input's window begins: `planes` planes of `area` pixels in rows of `width`. The taps of all
// channels lie side by side, `stride` from one tap to the next.
INLINE void convolve(const tile *x, int planes, int area, int width, const float *taps, int stride,
                     const float *bias, tile *y, int length, int channels) {
  for (int row = 0; row < 2; row++)
    for (int column = 0; column < length; column++) {
      tile sum[6];
      UNROLL for (int c = 0; c < channels; c++) sum[c] = splat(bias[c]);
      const float *tap = taps;
      for (int p = 0; p < planes; p++)
        for (int i = 0; i < 5; i++) {
          const tile *from = x + p * area + (row + i) * width + column;
          UNROLL for (int j = 0; j < 5; j++, tap += stride)
            accumulate(sum, tap, 1, from[j], channels);
        }
      UNROLL for (int c = 0; c < channels; c++) y[(c * 2 + row) * length + column] = sum[c];
    }
}

// ReLU and max pooling of two rows into one, 2 by 2. Of equals the first is the largest.
INLINE void pool(const tile *y, int length, tile *pooled, mask *which) {
  for (int column = 0; column < length / 2; column++) {
    const tile *upper = y + column * 2, *lower = upper + length;
    const tile window[4] = {upper[0], upper[1], lower[0], lower[1]};
    tile largest = window[0];
    mask k = {0};
    UNROLL for (int i = 1; i < 4; i++) {
      mask better = window[i] > largest;
      largest = (tile)(((mask)window[i] & better) | ((mask)largest & ~better));
      k = (k & ~better) | (better & i);
    }
    mask dead = largest <= splat(0);  // not true of a NaN, which stays one
    pooled[column] = where(~dead, largest);
    which[column] = k | dead;
  }
}

// The way back through both: two rows of gradients, `pitch` apart, from one.
INLINE void unpool(const tile *d_pooled, const mask *which, int length, tile *d, int pitch) {
  for (int column = 0; column < length / 2; column++)
    UNROLL for (int i = 0; i < 4; i++)
      d[column * 2 + i % 2 + i / 2 * pitch] = where(which[column] == i, d_pooled[column]);
}

// Add to the gradients of five taps in a row, of two output channels: the products of `count` rows
// of the input, from the first tap's on, and of the outputs' gradients. Halves, so that ten sums
// stay in registers.
INLINE void correlate(const tile *x, int width, const tile *d0, const tile *d1, int pitch,
                      int count, int length, half *sum0, half *sum1) {
  half a[5], b[5];
  UNROLL for (int j = 0; j < 5; j++) a[j] = sum0[j], b[j] = sum1[j];
  for (int row = 0; row < count; row++) {
    const half *from = (const half *)(x + row * width);
    const half *da = (const half *)(d0 + row * pitch), *db = (const half *)(d1 + row * pitch);
    for (int i = 0; i < length * 2; i++)
      UNROLL for (int j = 0; j < 5; j++) {
        a[j] += da[i] * from[i + 2 * j];
        b[j] += db[i] * from[i + 2 * j];
      }
  }
  UNROLL for (int j = 0; j < 5; j++) sum0[j] = a[j], sum1[j] = b[j];
}

// Dense layers ---------------------------------------------------------------------------------

// y[c] = bias[c] + the sum of w[c * ld + i * step] * x[i], for up to 6 channels.
INLINE void product(const tile *x, int inputs, const float *w, int ld, int step, const float *bias,
                    tile *y, int channels) {
  tile sum[6];
  UNROLL for (int c = 0; c < channels; c++) sum[c] = splat(bias ? bias[c] : 0);
  for (int i = 0; i < inputs; i++) accumulate(sum, w + i * step, ld, x[i], channels);
  UNROLL for (int c = 0; c < channels; c++) y[c] = sum[c];
}

// Sixes, and fours for what is left: 120 and 84 are sixes, 10 is 6 + 4, 400 is 66 * 6 + 4.
INLINE void dense(const tile *x, int inputs, const float *w, const float *bias, tile *y,
                  int outputs) {
  int o = 0;
  for (; o + 6 <= outputs; o += 6) product(x, inputs, w + o * inputs, inputs, 1, bias + o, y + o, 6);
  if (o < outputs) product(x, inputs, w + o * inputs, inputs, 1, bias + o, y + o, 4);
}

INLINE void dense_back(const tile *d, int outputs, const float *w, tile *dx, int inputs) {
  int i = 0;
  for (; i + 6 <= inputs; i += 6) product(d, outputs, w + i, 1, inputs, 0, dx + i, 6);
  if (i < inputs) product(d, outputs, w + i, 1, inputs, 0, dx + i, 4);
}

INLINE void relu(tile *x, int n) {
  for (int i = 0; i < n; i++) x[i] = where(~(x[i] <= splat(0)), x[i]);
}

INLINE void relu_back(tile *d, const tile *x, int n) {
  for (int i = 0; i < n; i++) d[i] = where(x[i] != splat(0), d[i]);
}

// Gradients of `channels` rows by four columns of a dense layer's weights, over the minibatch.
INLINE void block(const tile *x, int inputs, const tile *d, int outputs, int tiles, float *g,
                  int channels) {
  half sum[3][4] = {};
  for (int t = 0; t < tiles; t++)
    UNROLL for (int h = 0; h < 2; h++) {
      const half *from = (const half *)(x + t * inputs) + h;
      const half *of = (const half *)(d + t * outputs) + h;
      UNROLL for (int o = 0; o < channels; o++)
        UNROLL for (int i = 0; i < 4; i++) sum[o][i] += of[o * 2] * from[i * 2];
    }
  UNROLL for (int o = 0; o < channels; o++)
    UNROLL for (int i = 0; i < 4; i++) g[o * inputs + i] = total4(sum[o][i]);
}

INLINE void dense_gradient(const tile *x, int inputs, const tile *d, int outputs, int tiles,
                           float *g, float *g_bias) {
  int o = 0;
  for (; o + 3 <= outputs; o += 3)
    for (int i = 0; i < inputs; i += 4)
      block(x + i, inputs, d + o, outputs, tiles, g + o * inputs + i, 3);
  for (; o < outputs; o++)
    for (int i = 0; i < inputs; i += 4)
      block(x + i, inputs, d + o, outputs, tiles, g + o * inputs + i, 1);
  for (o = 0; o < outputs; o++) {
    tile sum = splat(0);
    for (int t = 0; t < tiles; t++) sum += d[t * outputs + o];
    g_bias[o] = total(sum);
  }
}

// The exponential and the logarithm, the same in every browser ---------------------------------

// e^x for x <= 0: 2^k times Taylor's polynomial of what is left, |r| <= ln(2) / 2.
static double exponential(double x) {
  if (x != x) return x;
  if (x < -700) return 0;
  double k = __builtin_floor(x * 1.4426950408889634 + 0.5), r = x - k * 0.6931471805599453, sum = 1;
  UNROLL for (int i = 13; i > 0; i--) sum = 1 + sum * r * (1.0 / i);
  union { long long bits; double value; } power = {((long long)k + 1023) << 52};
  return sum * power.value;
}

// ln x for x in [1, 10]: Halley's method on e^-y = 1 / x, five steps from the middle.
static double logarithm(double x) {
  double y = 1;
  for (int i = 0; i < 5; i++) {
    double e = x * exponential(-y);
    y += 2 * (e - 1) / (e + 1);
  }
  return y;
}

// The network ----------------------------------------------------------------------------------

APART void pack(void) {
  for (int c = 0; c < 6; c++)
    for (int k = 0; k < 25; k++) conv1_taps[k][c] = weight.conv1[c][k];
  for (int c = 0; c < 16; c++)
    for (int p = 0; p < 6; p++)
      for (int k = 0; k < 25; k++)
        conv2_taps[p][k][c] = conv2_taps_back[c][k][p] = weight.conv2[c][p][k];
}

// The images ids[0] to ids[count - 1], with two black pixels around each.
APART void fill(const unsigned short *ids, int count) {
  for (int n = 0; n < LANES; n++)
    for (int row = 0; row < 28; row++)
      for (int column = 0; column < 28; column++)
        pixels[row + 2][column + 2][n] = n < count ? image[ids[n]][row][column] / 255.0f : 0;
}

// From the pixels to the logits of one tile, which is number t of its minibatch.
APART void forward(int t) {
  for (int r = 0; r < 14; r++) {
    convolve(pixels[r * 2], 1, 0, 32, conv1_taps[0], 6, weight.conv1_bias, rows, 28, 6);
    for (int c = 0; c < 6; c++) pool(rows + c * 56, 28, pooled1[c][r], which1[c][r]);
  }
  for (int r = 0; r < 5; r++) {
    const tile *from = pooled1[0][r * 2];
    const float *taps = conv2_taps[0][0], *bias = weight.conv2_bias;
    convolve(from, 6, 196, 14, taps, 16, bias, rows, 10, 6);
    convolve(from, 6, 196, 14, taps + 6, 16, bias + 6, rows + 6 * 20, 10, 6);
    convolve(from, 6, 196, 14, taps + 12, 16, bias + 12, rows + 12 * 20, 10, 4);
    for (int c = 0; c < 16; c++) pool(rows + c * 20, 10, pooled2[t][c][r], which2[c][r]);
  }
  dense(pooled2[t][0][0], 400, weight.dense1[0], weight.dense1_bias, hidden1[t], 120);
  relu(hidden1[t], 120);
  dense(hidden1[t], 120, weight.dense2[0], weight.dense2_bias, hidden2[t], 84);
  relu(hidden2[t], 84);
  dense(hidden2[t], 84, weight.dense3[0], weight.dense3_bias, logits, CLASSES);
}

// Softmax and cross-entropy of a tile's first `count` images: return the sum of their losses, count
// the hits, and leave in d_logits the gradient of a mean over `batch` images.
APART double score(int t, const unsigned short *ids, int count, int batch) {
  double sum = 0;
  clear(d_logits[t], sizeof d_logits[t]);
  for (int n = 0; n < count; n++) {
    int truth = label[ids[n]], best = 0;
    for (int c = 1; c < CLASSES; c++)
      if (logits[c][n] > logits[best][n]) best = c;
    double top = logits[best][n], e[CLASSES], all = 0;
    for (int c = 0; c < CLASSES; c++) all += e[c] = exponential(logits[c][n] - top);
    for (int c = 0; c < CLASSES; c++) d_logits[t][c][n] = (e[c] / all - (c == truth)) / batch;
    sum += logarithm(all) + top - logits[truth][n];
    hits += best == truth;
  }
  return sum;
}

// Gradient of the second convolution's input, 14 by 14, from that of its output, 10 by 10.
APART void convolve_back(void) {
  for (int row = 0; row < 14; row++)
    for (int column = 0; column < 14; column++) {
      tile sum[6] = {};
      int top = row > 9 ? row - 9 : 0, bottom = row < 4 ? row : 4;
      int left = column > 9 ? column - 9 : 0, right = column < 4 ? column : 4;
      for (int c = 0; c < 16; c++)
        for (int i = top; i <= bottom; i++)
          for (int j = left; j <= right; j++)
            accumulate(sum, conv2_taps_back[c][i * 5 + j], 1, d_conv2[c][row - i][column - j], 6);
      UNROLL for (int p = 0; p < 6; p++) d_pooled1[p][row][column] = sum[p];
    }
}

// From d_logits to the gradients of the convolutions, which are added to their sums; the dense
// layers' own wait for the whole minibatch.
APART void backward(int t) {
  dense_back(d_logits[t], CLASSES, weight.dense3[0], d_hidden2[t], 84);
  relu_back(d_hidden2[t], hidden2[t], 84);
  dense_back(d_hidden2[t], 84, weight.dense2[0], d_hidden1[t], 120);
  relu_back(d_hidden1[t], hidden1[t], 120);
  dense_back(d_hidden1[t], 120, weight.dense1[0], d_pooled2[0][0], 400);
  for (int c = 0; c < 16; c++) {
    for (int r = 0; r < 5; r++) unpool(d_pooled2[c][r], which2[c][r], 10, d_conv2[c][r * 2], 10);
    for (int i = 0; i < 100; i++) sum_bias2[c] += d_conv2[c][0][i];
  }
  for (int c = 0; c < 16; c += 2)
    for (int p = 0; p < 6; p++)
      for (int i = 0; i < 5; i++)
        correlate(pooled1[p][i], 14, d_conv2[c][0], d_conv2[c + 1][0], 10, 10, 10,
                  sum_conv2[c][p] + i * 5, sum_conv2[c + 1][p] + i * 5);
  convolve_back();
  for (int r = 0; r < 14; r++)
    for (int c = 0; c < 6; c += 2) {
      for (int k = c; k < c + 2; k++) {
        unpool(d_pooled1[k][r], which1[k][r], 28, rows + k * 56, 28);
        for (int i = 0; i < 56; i++) sum_bias1[k] += rows[k * 56 + i];
      }
      for (int i = 0; i < 5; i++)
        correlate(pixels[r * 2 + i], 32, rows + c * 56, rows + c * 56 + 56, 28, 2, 28,
                  sum_conv1[c] + i * 5, sum_conv1[c + 1] + i * 5);
    }
}

// The gradients of the dense layers, each of the whole minibatch at once.
APART void finish1(int tiles) {
  dense_gradient(pooled2[0][0][0], 400, d_hidden1[0], 120, tiles, gradient.dense1[0],
                 gradient.dense1_bias);
}

APART void finish2(int tiles) {
  dense_gradient(hidden1[0], 120, d_hidden2[0], 84, tiles, gradient.dense2[0],
                 gradient.dense2_bias);
}

APART void finish3(int tiles) {
  dense_gradient(hidden2[0], 84, d_logits[0], CLASSES, tiles, gradient.dense3[0],
                 gradient.dense3_bias);
}

// What JavaScript calls -------------------------------------------------------------------------

EXPORT(weights) float *weights(void) { return weight.conv1[0]; }
EXPORT(gradients) float *gradients(void) { return gradient.conv1[0]; }
EXPORT(velocities) float *velocities(void) { return velocity.conv1[0]; }
EXPORT(images) unsigned char *images(void) { return image[0][0]; }
EXPORT(labels) unsigned char *labels(void) { return label; }
EXPORT(order) unsigned short *order_(void) { return order; }

// How many images the last gradient or evaluation told right.
EXPORT(hits) int hits_(void) { return hits; }

// The gradient of the mean loss over the minibatch order[start] to order[start + count - 1], of
// 256 images at most; returns the sum of their losses.
EXPORT(gradient) double gradient_(int start, int count) {
  double sum = 0;
  int tiles = (count + LANES - 1) / LANES;
  hits = 0;
  clear(sum_conv1, sizeof sum_conv1);
  clear(sum_conv2, sizeof sum_conv2);
  clear(sum_bias1, sizeof sum_bias1);
  clear(sum_bias2, sizeof sum_bias2);
  pack();
  for (int t = 0; t < tiles; t++) {
    const unsigned short *ids = order + start + t * LANES;
    int there = count - t * LANES < LANES ? count - t * LANES : LANES;
    fill(ids, there);
    forward(t);
    sum += score(t, ids, there, count);
    backward(t);
  }
  for (int c = 0; c < 6; c++) {
    for (int k = 0; k < 25; k++) gradient.conv1[c][k] = total4(sum_conv1[c][k]);
    gradient.conv1_bias[c] = total(sum_bias1[c]);
  }
  for (int c = 0; c < 16; c++) {
    for (int p = 0; p < 6; p++)
      for (int k = 0; k < 25; k++) gradient.conv2[c][p][k] = total4(sum_conv2[c][p][k]);
    gradient.conv2_bias[c] = total(sum_bias2[c]);
  }
  finish1(tiles);
  finish2(tiles);
  finish3(tiles);
  return sum;
}

// A step of SGD as MXNet makes it: v = momentum v - lr g, w = w + v; without momentum v is unused.
EXPORT(step) void step(float lr, float momentum) {
  float *w = weights(), *g = gradients(), *v = velocities();
  if (momentum == 0)
    for (int i = 0; i < PARAMETERS; i++) w[i] -= lr * g[i];
  else
    for (int i = 0; i < PARAMETERS; i++) w[i] += v[i] = momentum * v[i] - lr * g[i];
}

// Before an evaluation in several pieces: the spread of their logits is one.
EXPORT(start_evaluation) void start_evaluation(void) {
  hits = 0;
  for (int c = 0; c < CLASSES; c++) low[c] = __builtin_inff(), high[c] = -__builtin_inff();
}

// Evaluate the images `first` to `first + count - 1`; hits are added to those of earlier pieces.
EXPORT(evaluate) void evaluate(int first, int count) {
  pack();
  for (int start = first; start < first + count; start += LANES) {
    unsigned short ids[LANES];
    int there = first + count - start < LANES ? first + count - start : LANES;
    for (int n = 0; n < there; n++) ids[n] = start + n;
    fill(ids, there);
    forward(0);
    score(0, ids, there, there);
    for (int c = 0; c < CLASSES; c++)
      for (int n = 0; n < there; n++) {
        float z = logits[c][n];  // a NaN stays
        if (z < low[c] || z != z) low[c] = z;
        if (z > high[c] || z != z) high[c] = z;
      }
  }
}

// How far the logits of different images differ at most, of all that was evaluated; NaN if one is.
EXPORT(spread) float spread(void) {
  float most = 0;
  for (int c = 0; c < CLASSES; c++) {
    float apart = high[c] - low[c];
    if (apart > most || apart != apart) most = apart;
  }
  return most;
}
