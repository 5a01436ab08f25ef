/* SPDX-License-Identifier: MIT
 *
 * What libGL.so.1 exports and the headers hide: where desktop GL has a function
 * under the name of OpenGL ES too, the first header's include guard of the
 * extension hides the second's declarations. As in gl.xml of the Khronos group.
 */
#ifndef THUNK_GL_H
#define THUNK_GL_H

#include <GL/gl.h>
#include <GL/glext.h>

void glActiveShaderProgramEXT(GLuint pipeline, GLuint program);
void glBindProgramPipelineEXT(GLuint pipeline);
GLuint glCreateShaderProgramvEXT(GLenum type, GLsizei count,
                                 const GLchar **strings);
void glDebugMessageCallbackKHR(GLDEBUGPROC callback, const void *userParam);
void glDebugMessageControlKHR(GLenum source, GLenum type, GLenum severity,
                              GLsizei count, const GLuint *ids,
                              GLboolean enabled);
void glDebugMessageInsertKHR(GLenum source, GLenum type, GLuint id,
                             GLenum severity, GLsizei length,
                             const GLchar *buf);
void glDeleteProgramPipelinesEXT(GLsizei n, const GLuint *pipelines);
void glGenProgramPipelinesEXT(GLsizei n, GLuint *pipelines);
GLuint glGetDebugMessageLogKHR(GLuint count, GLsizei bufSize, GLenum *sources,
                               GLenum *types, GLuint *ids, GLenum *severities,
                               GLsizei *lengths, GLchar *messageLog);
GLenum glGetGraphicsResetStatusKHR(void);
void glGetLightxvOES(GLenum light, GLenum pname, GLfixed *params);
void glGetMaterialxvOES(GLenum face, GLenum pname, GLfixed *params);
void glGetObjectLabelKHR(GLenum identifier, GLuint name, GLsizei bufSize,
                         GLsizei *length, GLchar *label);
void glGetObjectPtrLabelKHR(const void *ptr, GLsizei bufSize, GLsizei *length,
                            GLchar *label);
void glGetPointervKHR(GLenum pname, void **params);
void glGetProgramPipelineInfoLogEXT(GLuint pipeline, GLsizei bufSize,
                                    GLsizei *length, GLchar *infoLog);
void glGetProgramPipelineivEXT(GLuint pipeline, GLenum pname, GLint *params);
void glGetnUniformfvKHR(GLuint program, GLint location, GLsizei bufSize,
                        GLfloat *params);
void glGetnUniformivKHR(GLuint program, GLint location, GLsizei bufSize,
                        GLint *params);
void glGetnUniformuivKHR(GLuint program, GLint location, GLsizei bufSize,
                         GLuint *params);
GLboolean glIsProgramPipelineEXT(GLuint pipeline);
void glObjectLabelKHR(GLenum identifier, GLuint name, GLsizei length,
                      const GLchar *label);
void glObjectPtrLabelKHR(const void *ptr, GLsizei length, const GLchar *label);
void glPointParameterxOES(GLenum pname, GLfixed param);
void glPopDebugGroupKHR(void);
void glPushDebugGroupKHR(GLenum source, GLuint id, GLsizei length,
                         const GLchar *message);
void glReadnPixelsKHR(GLint x, GLint y, GLsizei width, GLsizei height,
                      GLenum format, GLenum type, GLsizei bufSize, void *data);
void glSampleCoveragexOES(GLclampx value, GLboolean invert);
void glUseProgramStagesEXT(GLuint pipeline, GLbitfield stages, GLuint program);
void glValidateProgramPipelineEXT(GLuint pipeline);
#endif
