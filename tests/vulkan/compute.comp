#version 450
/* to[i] = from[i] * from[i] + add */
layout(local_size_x = 64) in;
layout(std430, binding = 0) readonly buffer From { uint from[]; };
layout(std430, binding = 1) writeonly buffer To { uint to[]; };
layout(push_constant) uniform Constants { uint add; };

void main()
{
    uint i = gl_GlobalInvocationID.x;

    to[i] = from[i] * from[i] + add;
}
