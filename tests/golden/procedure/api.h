void procedure_poke(unsigned char value, unsigned short *place);
void procedure_tick(void);
