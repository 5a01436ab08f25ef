#version 450
/* One pixel each: a pattern that moves, and in the first pixel the frame. */
layout(local_size_x = 8, local_size_y = 8) in;
layout(std430, binding = 0) writeonly buffer Pixels { uint pixels[]; };
layout(push_constant) uniform Constants { uint width; uint frame; };

void main()
{
    uvec2 at = gl_GlobalInvocationID.xy;
    vec2 from = vec2(at) - vec2(64.0 + frame, 64.0);
    uint red = uint(length(from) * 4.0) & 255u;
    uint green = (at.x ^ at.y + frame) & 255u;

    pixels[at.y * width + at.x] = at == uvec2(0)
        ? 0xff000000u | frame : 0xff000000u | red << 16 | green << 8 | 0x55u;
}
